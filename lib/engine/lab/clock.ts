/**
 * The engine's clock, so that a test crosses a minute in a millisecond.
 *
 *   GET  /lab/clock          {"mode":"running" | "paused","nowMs":1767225600000,"nextDueMs":1767225660000 | null}
 *   POST /lab/clock/pause    {}   the clock stands; requests are still answered, at the standing time
 *   POST /lab/clock/resume   {}   it goes on from where it stands
 *   POST /lab/clock/step     {"ms":60000}, or {} for the next moment at which something is due
 *   POST /lab/clock/run-to   {"timeMs":1767225660000} or {"time":"2026-01-01T00:01:00Z"}
 *
 * All answer the state they leave. A step and a run-to carry out what falls due on the way, each at its own time, and answer
 * once all of it is committed, with the numbers of "ticks" and "events" and with "cut": null, or why it stopped early.
 * A running clock may be moved too and runs on from there. Time never goes back: 400 InvalidRequestException says so.
 */
import { LAST_TIME_MS, TimeControl, type TimedEngine } from '#lib/engine/time-control.ts'
import type { PlainRoute } from '#lib/engine/wire/server.ts'
import { invalid, members } from './body.ts'

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/

export function clockRoutes(engine: TimedEngine): PlainRoute[] {
  const time = new TimeControl(engine)
  const post = (
    path: string,
    known: readonly string[],
    work: (given: Record<string, unknown>) => Promise<unknown>,
  ) => ({
    method: 'POST' as const,
    path: `/lab/clock/${path}`,
    answer: async (body: unknown) => ({ status: 200, body: await work(members(body, 'The body', known)) }),
  })
  return [
    { method: 'GET', path: '/lab/clock', answer: async () => ({ status: 200, body: time.state() }) },
    post('pause', [], () => time.pause()),
    post('resume', [], () => time.resume()),
    post('step', ['ms'], ({ ms }) => time.step(ms === undefined ? null : duration(ms))),
    post('run-to', ['timeMs', 'time'], (given) => time.runTo(pointInTime(given))),
  ]
}

function duration(ms: unknown): number {
  if (isWhole(ms)) return ms
  throw invalid('ms must be a whole number of at least 0.')
}

function pointInTime({ timeMs, time }: Record<string, unknown>): number {
  if ((timeMs === undefined) === (time === undefined)) throw invalid('Give either timeMs or time.')
  if (time === undefined) {
    if (isWhole(timeMs)) return timeMs
    throw invalid('timeMs must be a whole number of milliseconds since 1970.')
  }
  const parsed = typeof time === 'string' && ISO.test(time) ? Date.parse(time) : Number.NaN
  if (Number.isNaN(parsed)) throw invalid('time must be an ISO time with its zone, such as 2026-01-01T00:01:00Z.')
  return parsed
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= LAST_TIME_MS
}
