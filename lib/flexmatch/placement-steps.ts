/** What a queue said about the placement of a ticket's match, as lines of the ticket's timeline. */
import type { PlacementEvent } from './parse-event.ts'
import type { TimelineStep } from './timeline.ts'

/**
 * The steps with a line for each of these placements. Times alone do not say where: a queue's word and the search that
 * follows it may carry one second, and so may the proposal before it.
 */
export function withPlacements(steps: readonly TimelineStep[], placements: readonly PlacementEvent[]): TimelineStep[] {
  const all = [...steps]
  for (const placement of placements.toSorted((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1))) {
    const { placementId } = placement.detail
    const ofMatch = all.findLastIndex(({ matchId, kind }) => matchId === placementId && BEFORE.has(kind))
    const first = ofMatch === -1 ? 0 : ofMatch + 1
    const next = all.findIndex(
      ({ at, kind }, index) => index >= first && (at > placement.time || (ofMatch !== -1 && AFTER.has(kind))),
    )
    all.splice(next === -1 ? all.length : next, 0, stepOf(placement))
  }
  return all
}
const BEFORE = new Set<TimelineStep['kind']>(['proposed', 'answer', 'acceptance-completed', 'placing', 'placement'])
const AFTER = new Set<TimelineStep['kind']>(['searching', 'proposed', 'match-dropped', 'end'])

function stepOf({ id, detail, queue, time }: PlacementEvent): TimelineStep {
  const step = { at: time, kind: 'placement', matchId: detail.placementId, forced: false, factId: id } as const
  switch (detail.type) {
    case 'PlacementFulfilled': {
      const where = detail.gameSessionLocation ?? detail.gameSessionRegion
      return { ...step, text: `Queue ${queue} found a place`, detail: where ? `in ${where}` : null }
    }
    case 'PlacementTimedOut':
      return {
        ...step,
        text: `Queue ${queue} found no place in time`,
        detail: triedFor(detail.startTime, detail.endTime),
      }
    case 'PlacementCancelled':
      return { ...step, text: `Queue ${queue} was told to stop looking for a place`, detail: null }
    case 'PlacementFailed':
      return { ...step, text: `Queue ${queue} failed to place the match`, detail: null }
    default:
      return detail.type satisfies never
  }
}

function triedFor(startTime: string, endTime: string): string | null {
  const ms = Date.parse(endTime) - Date.parse(startTime)
  return Number.isFinite(ms) && ms >= 0 ? `it tried for ${Math.round(ms / 100) / 10} s` : null
}
