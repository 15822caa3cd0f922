import { isDeepStrictEqual } from 'node:util'
import type { Engine, EngineOptionsPatch, ReadOperation, Reply, WriteOperation } from '#lib/engine/core/contract.ts'
import { createEngine } from '#lib/engine/core/engine.ts'
import { mergeOptions } from '#lib/engine/core/options.ts'
import { type CreateOperation, FixtureError, type FixtureResource, type Fixtures } from './fixtures.ts'

export type FixtureCommand =
  | { operation: WriteOperation; input: Record<string, unknown> }
  | { operation: 'SetOptions'; input: EngineOptionsPatch }

/** A copy of the engine that is to get the fixtures, to try them on, and the place of its last entry. */
export interface Trial {
  engine: Engine
  position: number
  timeMs: number
}

const DESCRIBE: Record<CreateOperation, { operation: ReadOperation; list: string }> = {
  CreateGameSessionQueue: { operation: 'DescribeGameSessionQueues', list: 'GameSessionQueues' },
  CreateMatchmakingRuleSet: { operation: 'DescribeMatchmakingRuleSets', list: 'RuleSets' },
  CreateMatchmakingConfiguration: { operation: 'DescribeMatchmakingConfigurations', list: 'Configurations' },
}

/**
 * The commands that bring an engine to what the fixtures say: what is there and the same needs none, a changed
 * configuration is updated. Each is tried on the copy, so that none is carried out when one of them is refused. Throws
 * FixtureError with the place and the engine's own words, also for a rule set or a queue that would have to change.
 */
export function planFixtures(fixtures: Fixtures, trial: Trial): FixtureCommand[] {
  const options = planOptions(fixtures, trial)
  return [...options, ...fixtures.resources.flatMap((resource) => planResource(resource, trial) ?? [])]
}

/** Whether the options would be others with `patch`. Throws Refusal for a wrong one. */
export function isChange({ options }: Pick<Engine, 'options'>, patch: EngineOptionsPatch): boolean {
  return !isDeepStrictEqual(mergeOptions(options, patch), options)
}

function planOptions({ options }: Fixtures, trial: Trial): FixtureCommand[] {
  if (!options) return []
  try {
    if (!isChange(trial.engine, options.patch)) return []
  } catch (error) {
    throw new FixtureError(options.place, (error as Error).message)
  }
  const command: FixtureCommand = { operation: 'SetOptions', input: options.patch }
  tryOn(trial, command)
  return [command]
}

function planResource(resource: FixtureResource, trial: Trial): FixtureCommand | null {
  const { operation, input, name, place } = resource
  const present = describe(trial.engine, resource, trial.timeMs)
  if (present && operation !== 'CreateMatchmakingConfiguration') {
    if (isSame(resource, present, trial)) return null
    throw new FixtureError(place, `${name} ${cannotChange(operation)}`)
  }
  const { Tags: _, ...settings } = input
  const command: FixtureCommand = present
    ? { operation: 'UpdateMatchmakingConfiguration', input: settings }
    : { operation, input }
  const reply = tryOn(trial, command)
  if (!reply.ok) throw new FixtureError(place, `${name}: ${reply.refusal.message}`)
  // Only the engine knows which texts mean the same (a name, an ARN), so it is asked whether anything has changed.
  return present && isDeepStrictEqual(describe(trial.engine, resource, trial.timeMs), present) ? null : command
}

function tryOn(trial: Trial, command: FixtureCommand): Reply {
  trial.position++
  return trial.engine.apply({ position: trial.position, timeMs: trial.timeMs, command })
}

type View = Record<string, unknown>

/** null when there is none of that name. */
function describe(engine: Engine, { operation, name }: FixtureResource, timeMs: number): View | null {
  const read = DESCRIBE[operation]
  try {
    const found = engine.read(read.operation, { Names: [name] }, timeMs)[read.list] as View[]
    return found[0] ?? null
  } catch {
    return null // an unknown rule set is an error to GameLift
  }
}

function isSame(resource: FixtureResource, present: View, { engine, timeMs }: Trial): boolean {
  if (resource.operation === 'CreateMatchmakingRuleSet') {
    return isDeepStrictEqual(json(present.RuleSetBody), json(resource.input.RuleSetBody))
  }
  const fresh = { engine: createEngine(engine.options), position: 0, timeMs }
  tryOn(fresh, { operation: resource.operation, input: resource.input })
  return isDeepStrictEqual(describe(fresh.engine, resource, timeMs), present)
}

/** Neither order nor white space makes another rule set. */
function json(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    return text
  }
}

function cannotChange(operation: CreateOperation): string {
  const kind = operation === 'CreateMatchmakingRuleSet' ? 'rule set' : 'queue'
  return (
    `exists as another ${kind}, and a ${kind} does not change here once it is created. Give the new one a name of its own ` +
    `and point the configurations to it, or start on other data (--memory, another --data-dir).`
  )
}
