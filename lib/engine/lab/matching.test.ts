import { afterEach, expect, it } from 'vitest'
import { type LabEngine, startLabEngine } from './testing/lab-engine.ts'

let engine: LabEngine | null = null
afterEach(async () => {
  await engine?.stop()
  engine = null
})

const SKILL = 'flatten(teams[*].players.attributes[skill])'
/** Sums of skills that hardly any set of players meets: every combination has to be tried. */
const HURTS = JSON.stringify({
  ruleLanguageVersion: '1.0',
  playerAttributes: [{ name: 'skill', type: 'number' }],
  teams: ['red', 'blue'].map((name) => ({ name, minPlayers: 5, maxPlayers: 5 })),
  rules: [
    { name: 'Sum', type: 'comparison', measurements: [`sum(${SKILL})`], operation: '=', referenceValue: 0.5 },
    { name: 'Middle', type: 'comparison', measurements: [`median(${SKILL})`], operation: '!=', referenceValue: 3 },
  ],
})

it('counts what a rule set made to hurt would have cost', async () => {
  engine = await startLabEngine()
  await engine.post('/lab/clock/pause', {})
  await engine.send('CreateMatchmakingRuleSet', { Name: 'hurts', RuleSetBody: HURTS })
  await engine.send('CreateMatchmakingConfiguration', {
    ...{ Name: 'hurts', RuleSetName: 'hurts', RequestTimeoutSeconds: 600, AcceptanceRequired: false },
    FlexMatchMode: 'STANDALONE',
  })
  for (let number = 0; number < 30; number++) {
    const Players = [{ PlayerId: `p-${number}`, PlayerAttributes: { skill: { N: number } } }]
    await engine.send('StartMatchmaking', { TicketId: `t-${number}`, ConfigurationName: 'hurts', Players })
  }
  const report = async () => {
    const response = await fetch(`${engine?.url}/lab/matching`)
    return ((await response.json()) as { configurations: Record<string, unknown>[] }).configurations[0]
  }
  expect(await report()).toMatchObject({ queuedTickets: 30, searchingTickets: 0, lastPassAtMs: null, cutPasses: 0 })

  await engine.post('/lab/clock/step', { ms: 1000 })
  expect(await report()).toEqual({
    ...{ configurationName: 'hurts', queuedTickets: 0, searchingTickets: 30, nextPassAtMs: null },
    lastPassAtMs: expect.any(Number),
    cutPasses: expect.any(Number),
    givenUpSearches: 30,
  })
  expect((await report())?.cutPasses).toBeGreaterThan(0)
})
