import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { ACCEPTANCE, aDesk, answer, backfill, type Desk, STANDALONE, start } from './testing/desk.ts'

/** 1v1 that may grow to 2v2, with a rule that never fails, so that every event has metrics. */
const ruleSet = JSON.stringify({
  ruleLanguageVersion: '1.0',
  playerAttributes: [{ name: 'skill', type: 'number', default: 1 }],
  teams: ['red', 'blue'].map((name) => ({ name, minPlayers: 1, maxPlayers: 2 })),
  rules: [
    {
      name: 'positive',
      type: 'comparison',
      measurements: ['flatten(teams[*].players.attributes[skill])'],
      operation: '>',
      referenceValue: 0,
    },
  ],
})
const CUSTOM = { CustomEventData: 'season-7' }

function aPair(configuration: Record<string, unknown> = CUSTOM): Desk {
  const desk = aDesk({ ruleSet, configuration })
  start(desk, 'a')
  start(desk, 'b')
  return desk
}
function proposed(): Desk {
  const desk = aPair({ ...CUSTOM, ...ACCEPTANCE })
  desk.pass(1000)
  return desk
}
function started(): Desk {
  const desk = aPair()
  desk.pass(3000)
  return desk
}

/** A story in which the last event of the fixture's type is told as in the fixture. */
const STORIES: [fixture: string, story: () => Desk][] = [
  ['eventbridge-MatchmakingSearching-no-estimate', proposed],
  [
    'eventbridge-MatchmakingSearching',
    () => {
      const desk = started()
      start(desk, 'c')
      desk.pass(1000)
      return desk
    },
  ],
  ['eventbridge-PotentialMatchCreated', proposed],
  ['eventbridge-PotentialMatchCreated-no-acceptance', started],
  [
    'eventbridge-AcceptMatch',
    () => {
      const desk = proposed()
      answer(desk, 'a', 'ACCEPT')
      return desk
    },
  ],
  [
    'eventbridge-AcceptMatch-rejected',
    () => {
      const desk = proposed()
      answer(desk, 'a', 'REJECT')
      return desk
    },
  ],
  [
    'eventbridge-AcceptMatchCompleted',
    () => {
      const desk = proposed()
      answer(desk, 'a', 'ACCEPT')
      desk.pass(20_000)
      return desk
    },
  ],
  ['eventbridge-MatchmakingSucceeded', started],
  [
    'eventbridge-MatchmakingSucceeded-backfill',
    () => {
      const desk = started()
      backfill(desk, 'fill', desk.sessionOf('a'))
      start(desk, 'c')
      desk.pass(3000)
      return desk
    },
  ],
  [
    'eventbridge-MatchmakingSucceeded-standalone',
    () => {
      const desk = aPair(STANDALONE)
      desk.pass(1000)
      return desk
    },
  ],
  [
    'eventbridge-MatchmakingTimedOut',
    () => {
      const desk = aDesk({ ruleSet, configuration: CUSTOM })
      start(desk, 'a')
      desk.pass(120_000)
      return desk
    },
  ],
  [
    'eventbridge-MatchmakingCancelled',
    () => {
      const desk = aDesk({ ruleSet, configuration: CUSTOM })
      start(desk, 'a')
      desk.send('StopMatchmaking', { TicketId: 'a' })
      return desk
    },
  ],
  ['eventbridge-MatchmakingFailed', () => placed('fail')],
  ['placement-PlacementFailed', () => placed('fail')],
  ['placement-PlacementTimedOut', () => placed('time-out')],
  ['placement-PlacementFulfilled', started],
]
function placed(outcome: 'fail' | 'time-out'): Desk {
  const desk = aPair()
  desk.set({ placement: { outcome } })
  desk.pass(31_000)
  return desk
}

/** Which sets of keys occur where, and which kinds of value: `.tickets[].players[] {playerId,team}`, `.matchId string`. */
function shapesOf(value: unknown, place = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((member) => shapesOf(member, `${place}[]`)))].sort()
  if (typeof value !== 'object' || value === null) return [`${place} ${typeof value}`]
  const members = Object.entries(value).flatMap(([key, member]) => shapesOf(member, `${place}.${key}`))
  return [...new Set([`${place} {${Object.keys(value).sort()}}`, ...members])].sort()
}

it.each(STORIES)('an event has exactly the keys of %s', (name, story) => {
  const file = path.resolve('lib/flexmatch/fixtures/events', `${name}.json`)
  const { detail } = JSON.parse(readFileSync(file, 'utf8')) as { detail: { type: string } }
  const told = story().events.findLast((event) => event.detail.type === detail.type)
  expect(shapesOf(told?.detail)).toEqual(shapesOf(detail))
})
