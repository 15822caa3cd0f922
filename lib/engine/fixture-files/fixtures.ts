/** What an engine starts with, as files describe it. */
import type { ClockStart } from '#lib/engine/clock.ts'
import type { EngineOptionsPatch } from '#lib/engine/core/contract.ts'

export type CreateOperation = 'CreateGameSessionQueue' | 'CreateMatchmakingRuleSet' | 'CreateMatchmakingConfiguration'

/** Where something stands: a file, and the place in it, `configurations[0].Name`; empty for the whole file. */
export interface Place {
  file: string
  path: string
}

/** One queue, rule set or configuration: a validated input of the operation that creates it. */
export interface FixtureResource {
  operation: CreateOperation
  name: string
  input: Record<string, unknown>
  place: Place
}

export interface Fixtures {
  options: { patch: EngineOptionsPatch; place: Place } | null
  clock: Partial<ClockStart>
  /** Queues first, then rule sets, then configurations: each may name those before it. */
  resources: FixtureResource[]
}

/** A file that cannot be used: which one, where in it, and why. */
export class FixtureError extends Error {
  override name = 'FixtureError'
  constructor({ file, path }: Place, reason: string) {
    super([file, path, reason].filter((part) => part !== '').join(': '))
  }
}
