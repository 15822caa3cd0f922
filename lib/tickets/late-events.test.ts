import { expect, it } from 'vitest'
import { anEvent, START } from '#lib/flexmatch/testing/builders.ts'
import type { EventArrival } from './arrival.ts'
import { notedArrivals } from './late-events.ts'

function arrival(type: 'MatchmakingSearching' | 'PotentialMatchCreated', time: number): EventArrival {
  return { kind: 'matchmaking', fact: anEvent(type, { time }), envelope: {} } as unknown as EventArrival
}
const lateOf = (...given: [EventArrival, 'added' | 'copy'][]) =>
  notedArrivals(
    given.map(([each]) => each),
    given.map(([, became]) => became),
    new Map(),
    START,
  ).map(({ late }) => late)

it('takes an event for late that comes after a newer one of its ticket', () => {
  expect(
    lateOf([arrival('PotentialMatchCreated', 2_500), 'added'], [arrival('MatchmakingSearching', 1_500), 'added']),
  ).toEqual([false, true])
})

it('says nothing of the order within a second that a channel does not tell', () => {
  expect(
    lateOf([arrival('PotentialMatchCreated', 2_500), 'added'], [arrival('MatchmakingSearching', 2_000), 'added']),
  ).toEqual([false, false])
})

it('goes by the most exact time that came of the newer one, also where its first copy told seconds', () => {
  expect(
    lateOf(
      [arrival('PotentialMatchCreated', 2_000), 'added'],
      [arrival('PotentialMatchCreated', 2_500), 'copy'],
      [arrival('MatchmakingSearching', 2_300), 'added'],
    ),
  ).toEqual([false, false, true])
})
