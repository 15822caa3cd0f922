'use server'

import type { ActionResult } from '#lib/flexmatch/result.ts'
import type { Runtime } from '#lib/runtime.ts'
import { runAction } from './run-action.ts'
import { MoveSwitchInput } from './switch-inputs.ts'
import { moveSwitch, type SwitchName } from './switches.ts'

/** Stops an action, or all of them, for everybody and everywhere. In an emergency nobody has to say why, but can. */
export async function turnSwitchOn(input: unknown): Promise<ActionResult<{ name: SwitchName }>> {
  return runAction(MoveSwitchInput, 'switch.on', input, async ({ name }, { runtime, person, reason, changed }) => {
    const was = await stateOf(runtime, name)
    await moveSwitch(runtime.db, name, true, { by: person.name, reason, now: new Date() })
    runtime.access.switches.changed()
    changed({ [name]: was }, { [name]: 'on' })
    return { name }
  })
}

export async function turnSwitchOff(input: unknown): Promise<ActionResult<{ name: SwitchName }>> {
  return runAction(
    MoveSwitchInput,
    'switch.off',
    input,
    async ({ name }, { runtime, person, reason, changed }) => {
      const was = await stateOf(runtime, name)
      await moveSwitch(runtime.db, name, false, { by: person.name, reason, now: new Date() })
      runtime.access.switches.changed()
      changed({ [name]: was }, { [name]: 'off' })
      return { name }
    },
    { confirmWith: ({ name }) => name },
  )
}

async function stateOf({ access }: Runtime, name: SwitchName): Promise<'on' | 'off'> {
  return (await access.switches.on()).some((each) => each.name === name) ? 'on' : 'off'
}
