import { describe, expect, it } from 'vitest'
import type { Engine } from '#lib/engine/core/contract.ts'
import { createEngine } from '#lib/engine/core/engine.ts'
import { DEFAULT_OPTIONS } from '#lib/engine/core/options.ts'
import type { Fixtures } from './fixtures.ts'
import { planFixtures } from './plan-fixtures.ts'
import { readResource } from './read-resource.ts'

const FILE = 'fixtures.yaml'
const body = (maxPlayers: number) => ({
  ruleLanguageVersion: '1.0',
  teams: [{ name: 'players', minPlayers: 2, maxPlayers }],
})
const SETTINGS = { RuleSetName: 'duel', RequestTimeoutSeconds: 60, AcceptanceRequired: false }

function fixtures({ players = 2, queueSeconds = 30, settings = {}, options = {} } = {}): Fixtures {
  const duel = { Name: 'duel', ...SETTINGS, GameSessionQueueArns: ['everywhere'], ...settings }
  return {
    options: { patch: options, place: { file: FILE, path: 'options' } },
    clock: {},
    resources: [
      readResource('CreateGameSessionQueue', { Name: 'everywhere', TimeoutInSeconds: queueSeconds }, at('queues[0]')),
      readResource('CreateMatchmakingRuleSet', { Name: 'duel', RuleSetBody: body(players) }, at('ruleSets[0]')),
      readResource('CreateMatchmakingConfiguration', duel, at('configurations[0]')),
    ],
  }
}

function at(path: string) {
  return { file: FILE, path }
}

/** An engine that has been given the fixtures, and the operations that took. */
function load(given: Fixtures, live = { engine: createEngine(DEFAULT_OPTIONS), position: 0 }) {
  const copy = createEngine(DEFAULT_OPTIONS, live.engine.snapshot())
  const commands = planFixtures(given, { engine: copy, position: live.position, timeMs: 1_000 })
  for (const command of commands) live.engine.apply({ position: ++live.position, timeMs: 1_000, command })
  return { live, operations: commands.map(({ operation }) => operation) }
}

const configurationOf = (engine: Engine) =>
  (engine.read('DescribeMatchmakingConfigurations', {}, 0).Configurations as Record<string, unknown>[])[0]

describe('loading fixtures', () => {
  it('sets the options and creates queues, rule sets and configurations', () => {
    const { live, operations } = load(fixtures({ options: { tickMs: 50 } }))
    expect(operations).toEqual([
      'SetOptions',
      'CreateGameSessionQueue',
      'CreateMatchmakingRuleSet',
      'CreateMatchmakingConfiguration',
    ])
    expect(live.engine.options.tickMs).toBe(50)
    expect(configurationOf(live.engine)).toMatchObject({ Name: 'duel', RequestTimeoutSeconds: 60 })
  })

  it('does nothing the second time', () => {
    const { live } = load(fixtures({ options: { tickMs: 50 } }))
    expect(load(fixtures({ options: { tickMs: 50 } }), live).operations).toEqual([])
  })

  it('updates a configuration that has changed, and nothing else', () => {
    const { live } = load(fixtures())
    const { operations } = load(fixtures({ settings: { RequestTimeoutSeconds: 90 } }), live)
    expect(operations).toEqual(['UpdateMatchmakingConfiguration'])
    expect(configurationOf(live.engine)).toMatchObject({ RequestTimeoutSeconds: 90, RuleSetName: 'duel' })
  })

  it('refuses a rule set that has changed, because GameLift cannot change one, and says what to do', () => {
    const { live } = load(fixtures())
    expect(() => load(fixtures({ players: 4 }), live)).toThrow(
      'fixtures.yaml: ruleSets[0]: duel exists as another rule set, and a rule set does not change here once it is ' +
        'created. Give the new one a name of its own and point the configurations to it, or start on other data',
    )
  })

  it('refuses a queue that has changed', () => {
    const { live } = load(fixtures())
    expect(() => load(fixtures({ queueSeconds: 31 }), live)).toThrow(
      'queues[0]: everywhere exists as another queue, and',
    )
  })

  it('changes nothing at all when one of them is refused, and says which and why in the words of the engine', () => {
    const live = { engine: createEngine(DEFAULT_OPTIONS), position: 0 }
    expect(() => load(fixtures({ settings: { RuleSetName: 'other' } }), live)).toThrow(
      'fixtures.yaml: configurations[0]: duel: Matchmaking rule set other does not exist.',
    )
    expect(() => load(fixtures({ options: { tickMs: 0 } }), live)).toThrow(
      'fixtures.yaml: options: Option tickMs must be a whole number from 1 to 86400000.',
    )
    expect([live.position, configurationOf(live.engine)]).toEqual([0, undefined])
  })

  it('refuses an update that GameLift would refuse', () => {
    const { live } = load(fixtures())
    expect(() => load(fixtures({ settings: { AcceptanceRequired: true } }), live)).toThrow(
      'configurations[0]: duel: AcceptanceTimeoutSeconds is needed when AcceptanceRequired is true.',
    )
  })

  it('reports every reason against a rule set body', () => {
    const given = fixtures()
    const wrong = { Name: 'wrong', RuleSetBody: { ruleLanguageVersion: '1.0', teams: [{ name: 'a' }] } }
    given.resources.push(readResource('CreateMatchmakingRuleSet', wrong, at('ruleSets[1]')))
    expect(() => load(given)).toThrow(
      /^fixtures\.yaml: ruleSets\[1\]: wrong: The rule set body is not valid\. teams\[0\]/,
    )
  })
})
