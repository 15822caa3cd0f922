import { expect, it } from 'vitest'
import { ACCEPTANCE, aDesk, type Desk, STANDALONE, START_MS, start } from './testing/desk.ts'

/** 1v1 within a distance of skill that widens after 20 s; a second rule that never fails. */
const ruleSet = JSON.stringify({
  ruleLanguageVersion: '1.0',
  playerAttributes: [{ name: 'skill', type: 'number' }],
  teams: [
    { name: 'red', minPlayers: 1, maxPlayers: 1 },
    { name: 'blue', minPlayers: 1, maxPlayers: 1 },
  ],
  rules: [
    {
      name: 'close',
      type: 'distance',
      measurements: ['max(flatten(teams[*].players.attributes[skill]))'],
      referenceValue: 'min(flatten(teams[*].players.attributes[skill]))',
      maxDistance: 10,
    },
    {
      name: 'positive',
      type: 'comparison',
      measurements: ['flatten(teams[*].players.attributes[skill])'],
      operation: '>',
      referenceValue: 0,
    },
  ],
  expansions: [{ target: 'rules[close].maxDistance', steps: [{ waitTimeSeconds: 20, value: 100 }] }],
})

function aPool(): Desk {
  return aDesk({ ruleSet, configuration: STANDALONE })
}
function skilled(desk: Desk, ticketId: string, skill: number): void {
  start(desk, ticketId, [], { Players: [{ PlayerId: ticketId, PlayerAttributes: { skill: { N: skill } } }] })
}

it('looks again when an expansion falls due, and rests until then', () => {
  const desk = aPool()
  skilled(desk, 'a', 10)
  skilled(desk, 'b', 50)
  desk.pass(1000)
  expect(desk.status('a')).toBe('SEARCHING')
  expect(desk.engine.dueAtMs()).toBe(START_MS + 20_000)
  desk.pass(19_000)
  expect(desk.status('a')).toBe('COMPLETED')
})

it('sees tickets that arrive in one tick together, and passes no more often than once a tick', () => {
  const desk = aPool()
  skilled(desk, 'a', 10)
  desk.pass(1000)
  desk.pass(100)
  skilled(desk, 'b', 50)
  expect(desk.engine.dueAtMs()).toBe(START_MS + 2000)
  desk.pass(300)
  skilled(desk, 'c', 12)
  desk.pass(599)
  expect(desk.status('c')).toBe('QUEUED')
  desk.pass(1)
  expect(['a', 'b', 'c'].map((ticketId) => desk.status(ticketId))).toEqual(['COMPLETED', 'SEARCHING', 'COMPLETED'])
})

it('adds up what each ticket was measured by, and names every rule even if it never was', () => {
  const desk = aPool()
  skilled(desk, 'at-once', 10)
  desk.send('StopMatchmaking', { TicketId: 'at-once' })
  expect(desk.events.at(-1)!.detail).toMatchObject({
    ruleEvaluationMetrics: [
      { ruleName: 'close', passedCount: 0, failedCount: 0 },
      { ruleName: 'positive', passedCount: 0, failedCount: 0 },
    ],
  })
  skilled(desk, 'a', 10)
  skilled(desk, 'b', 50)
  desk.pass(1000)
  skilled(desk, 'c', 90)
  desk.pass(1000)
  desk.send('StopMatchmaking', { TicketId: 'a' })
  // Against b alone, then against b and c.
  expect(desk.events.at(-1)!.detail).toMatchObject({
    ruleEvaluationMetrics: [{ ruleName: 'close', failedCount: 3 }, { ruleName: 'positive' }],
  })
})

/** The same attribute, declared as text. */
const textual = ruleSet
  .replace('"type":"number"', '"type":"string"')
  .replace(/"rules":\[.*\],"expansions".*\]\}/s, '"rules":[]}')

it('counts an attribute of another type as missing after the rule set was exchanged', () => {
  const desk = aPool()
  desk.send('CreateMatchmakingRuleSet', { Name: 'textual', RuleSetBody: textual })
  skilled(desk, 'a', 10)
  skilled(desk, 'b', 10)
  desk.send('UpdateMatchmakingConfiguration', { Name: 'duel', RuleSetName: 'textual' })
  desk.pass(5000)
  expect(desk.status('a')).toBe('SEARCHING')
  desk.send('UpdateMatchmakingConfiguration', { Name: 'duel', RuleSetName: 'rules' })
  desk.pass(1000)
  expect(desk.status('a')).toBe('COMPLETED')
})

it('reads a ticket anew that comes back from a match under an exchanged rule set, as a replay would', () => {
  const desk = aDesk({ ruleSet, configuration: { ...STANDALONE, ...ACCEPTANCE } })
  const withDefault = textual.replace('"type":"string"', '"type":"string","default":"any"')
  desk.send('CreateMatchmakingRuleSet', { Name: 'textual', RuleSetBody: withDefault })
  skilled(desk, 'a', 10)
  skilled(desk, 'b', 10)
  desk.pass(1000)
  desk.send('UpdateMatchmakingConfiguration', { Name: 'duel', RuleSetName: 'textual' })
  const replay = desk.reopened(desk.engine.snapshot())
  for (const one of [desk, replay]) {
    one.send('StopMatchmaking', { TicketId: 'b' })
    start(one, 'c')
    one.pass(1000)
    expect([one.status('a'), one.status('c')]).toEqual(['REQUIRES_ACCEPTANCE', 'REQUIRES_ACCEPTANCE'])
  }
  expect(desk.engine.snapshot()).toBe(replay.engine.snapshot())
})
