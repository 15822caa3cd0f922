'use server'

import type { ActionCall } from '#lib/access/carry-out.ts'
import { runAction } from '#lib/access/run-action.ts'
import { type ActionResult, AppError } from '#lib/flexmatch/result.ts'
import type { Runtime } from '#lib/runtime.ts'
import { RemoveEnvironmentInput, SaveEnvironmentInput } from './action-inputs.ts'
import { DEFAULT_ENVIRONMENT, type Environment } from './environment.ts'
import { type EnvironmentInput, inputOf } from './environment-input.ts'
import { removeEnvironment as removeStored, saveEnvironment as saveStored } from './stored.ts'

/** Adds an environment, or changes the one that is named. The step in the trail names what was saved. */
export async function saveEnvironment(input: unknown): Promise<ActionResult<{ name: string; revision: number }>> {
  return runAction(SaveEnvironmentInput, 'environment.manage', input, save, { confirmWith: ({ given }) => given.name })
}

async function save(parsed: SaveEnvironmentInput, call: ActionCall & { runtime: Runtime }) {
  const { runtime, environment, person } = call
  if (parsed.environment === undefined ? parsed.revision !== null : parsed.environment !== parsed.given.name) {
    throw new AppError('INVALID_INPUT', 'environment: an environment keeps its name. Add another one instead.')
  }
  const isBuiltIn = parsed.given.name === DEFAULT_ENVIRONMENT
  if (isBuiltIn && parsed.environment === undefined) {
    throw new AppError('INVALID_INPUT', `name: there is an environment called ${DEFAULT_ENVIRONMENT} already.`)
  }
  const given = isBuiltIn ? shownOf(environment, parsed.given) : parsed.given
  // A built-in one that nobody has changed has no row whose revision could be meant.
  const revision = isBuiltIn && environment.managedBy === 'start' ? undefined : parsed.revision
  const saved = await call.step(given.name, { revision: parsed.revision }, () =>
    saveStored(runtime.db, given, person, revision),
  )
  runtime.environments.changed()
  call.changed(parsed.environment === undefined ? null : inputOf(environment), given)
  return { name: saved.name, revision: saved.revision }
}

export async function removeEnvironment(input: unknown): Promise<ActionResult<{ name: string }>> {
  return runAction(RemoveEnvironmentInput, 'environment.manage', input, async (_, call) => {
    const { runtime, environment, person } = call
    await removeStored(runtime.db, environment.name, person)
    runtime.environments.changed()
    call.changed(inputOf(environment), null)
    return { name: environment.name }
  })
}

/** Of the built-in one only this is anybody's to say; the rest is what the engine beside us is. */
function shownOf(builtIn: Environment, { label, colour, protection, retentionDays }: EnvironmentInput) {
  return { ...inputOf(builtIn), label, colour, protection, retentionDays }
}
