import type { RatesView } from '#lib/tickets/views.ts'

const MINUTE_MS = 60_000
/**
 * By the clock and not by hints: time alone moves a chart on, and a busy environment must not have it drawn all the time.
 */
export const RATES_EVERY_MS = { '1h': 5_000, '24h': 30_000 } as const
/** How tickets end, from the bottom of a bar to its top. */
export const ENDINGS = [
  { measure: 'COMPLETED', name: 'Matched', colour: 'text-good' },
  { measure: 'CANCELLED', name: 'Cancelled', colour: 'text-faint' },
  { measure: 'TIMED_OUT', name: 'Timed out', colour: 'text-warning' },
  { measure: 'FAILED', name: 'Failed', colour: 'text-bad' },
] as const
export type Ending = (typeof ENDINGS)[number]['measure']

export function countsOf({ measures }: RatesView, measure: string): readonly number[] {
  return measures[measure] ?? []
}

export function totalOf(view: RatesView, measure: string): number {
  return countsOf(view, measure).reduce((sum, count) => sum + count, 0)
}

/** Per minute, in each bucket. */
export function perMinute(view: RatesView, measure: string): number[] {
  return countsOf(view, measure).map((count) => (count * MINUTE_MS) / view.bucketMs)
}

/** The mean ms from start to match of the tickets matched in each bucket; null where none was. */
export function meanWaits(view: RatesView): (number | null)[] {
  const matched = countsOf(view, 'COMPLETED')
  return countsOf(view, 'waitMs').map((sum, index) => (matched[index] ? sum / matched[index] : null))
}

/** How many tickets were open at the end of each bucket, reckoned back from how many are open now. */
export function openCourse(view: RatesView, openNow: number): number[] {
  const course: number[] = []
  let open = openNow
  for (let index = countsOf(view, 'started').length - 1; index >= 0; index--) {
    course.unshift(Math.max(0, open))
    const ended = ENDINGS.reduce((sum, { measure }) => sum + (countsOf(view, measure)[index] ?? 0), 0)
    open += ended - (countsOf(view, 'started')[index] ?? 0)
  }
  return course
}

/** All of it in a sentence. */
export function ratesSentence(view: RatesView): string {
  const time = view.window === '1h' ? 'the last hour' : 'the last 24 hours'
  const ended = ENDINGS.reduce((sum, { measure }) => sum + totalOf(view, measure), 0)
  if (ended === 0) return `No ticket has ended in ${time}.`
  const parts = ENDINGS.map(({ measure, name }) => `${totalOf(view, measure)} ${name.toLowerCase()}`)
  const matched = totalOf(view, 'COMPLETED')
  const wait = matched === 0 ? '' : `; mean wait ${(totalOf(view, 'waitMs') / matched / 1000).toFixed(1)} s`
  return `In ${time}: ${parts.join(', ')}${wait}.`
}
