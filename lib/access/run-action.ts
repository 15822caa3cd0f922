import 'server-only'
import { headers } from 'next/headers'
import type * as z from 'zod/mini'
import type { ActionResult } from '#lib/flexmatch/result.ts'
import { getRuntime, type Runtime } from '#lib/runtime.ts'
import { type ActionCall, type CarryOutOptions, carryOut } from './carry-out.ts'
import { toFailure } from './failure.ts'
import type { Action } from './roles.ts'

/**
 * The one way into a server action: see `carryOut` for what is checked and recorded, in which order. `input` is
 * `unknown` because every action is a public POST endpoint.
 */
export async function runAction<Input extends { requestId: string; environment?: string }, T>(
  schema: z.ZodMiniType<Input>,
  action: Action,
  input: unknown,
  work: (input: Input, call: ActionCall & { runtime: Runtime }) => Promise<T>,
  options: CarryOutOptions<Input> = {},
): Promise<ActionResult<T>> {
  try {
    const runtime = await getRuntime()
    const withRuntime = (parsed: Input, call: ActionCall) => work(parsed, { ...call, runtime })
    return await carryOut(runtime.access, await headers(), schema, action, input, withRuntime, options)
  } catch (error) {
    return { success: false, error: toFailure(error, crypto.randomUUID(), action) }
  }
}
