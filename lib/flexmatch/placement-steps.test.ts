import { describe, expect, it } from 'vitest'
import type { PlacementEventType } from './events.ts'
import type { PlacementEvent } from './parse-event.ts'
import { anEvent, START } from './testing/builders.ts'
import { timelineOf } from './timeline.ts'

const said = (type: PlacementEventType, time: number, given: object = {}): PlacementEvent => ({
  id: `${type} ${time}`,
  time: START + time,
  queue: 'arena-queue',
  detail: {
    type,
    placementId: 'm1',
    startTime: new Date(START + 2_000).toISOString(),
    endTime: new Date(START + 12_400).toISOString(),
    ...given,
  },
})
const texts = (...given: Parameters<typeof timelineOf>) =>
  timelineOf(...given).map(({ text, detail }) => (detail ? `${text} (${detail})` : text))

describe('placements on a timeline', () => {
  const facts = [
    anEvent('MatchmakingSearching'),
    anEvent('PotentialMatchCreated', { time: 2_000, acceptanceRequired: false }),
    anEvent('MatchmakingSearching', { time: 12_000 }),
  ]

  it('tell why the ticket searches again, also where all of it carries one second', () => {
    const told = [
      'Queued',
      'Searching',
      'Match formed (1 player of 1 ticket)',
      'Queue arena-queue found no place in time (it tried for 10.4 s)',
      'Searching again (the match could not be placed in time)',
    ]
    expect(texts('t1', facts, [said('PlacementTimedOut', 12_000)])).toEqual(told)
    expect(texts('t1', facts, [said('PlacementTimedOut', 11_000)])).toEqual(told)
    const tied = facts.map((fact) => ({ ...fact, time: START }))
    expect(texts('t1', tied, [said('PlacementTimedOut', 0)]).at(3)).toBe(told[3])
  })

  it('stand between the match and its end', () => {
    const placed = [...facts.slice(0, 2), anEvent('MatchmakingSucceeded', { time: 9_000 })]
    const fulfilled = said('PlacementFulfilled', 9_000, { gameSessionLocation: 'eu-central-1' })
    expect(texts('t1', placed, [fulfilled]).slice(-2)).toEqual([
      'Queue arena-queue found a place (in eu-central-1)',
      'Completed',
    ])
    expect(timelineOf('t1', placed, [fulfilled]).at(-2)).toMatchObject({ kind: 'placement', matchId: 'm1' })
  })

  it('are told by their times where no event named their match', () => {
    expect(texts('t1', facts.slice(0, 1), [said('PlacementFailed', 3_000), said('PlacementCancelled', 2_000)])).toEqual(
      [
        'Queued',
        'Searching',
        'Queue arena-queue was told to stop looking for a place',
        'Queue arena-queue failed to place the match',
      ],
    )
  })
})
