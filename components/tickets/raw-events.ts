import type { EventFact, MatchmakingDetail } from '#lib/flexmatch/events.ts'
import type { RawFactView } from '#lib/tickets/views.ts'

/** The FlexMatch events among the recorded facts, as the pure functions over facts take them. */
export function eventFacts(facts: readonly RawFactView[]): EventFact[] {
  return facts
    .filter(({ source }) => source === 'event')
    .map(({ id, at, body }) => ({
      id,
      time: Date.parse(at),
      configuration: '',
      source: 'event',
      // As it was checked when it came in.
      detail: (body as { detail: MatchmakingDetail }).detail,
    }))
}
