/** What the actions on environments accept. A new environment is added from the default one: it has no name to act in. */
import * as z from 'zod/mini'
import { EnvironmentInput } from './environment-input.ts'

const environment = z.string().check(z.regex(/^[a-z0-9-]{1,64}$/))
const requestId = z.uuid()

export const SaveEnvironmentInput = z.strictObject({
  requestId,
  /** The one that is edited; left out for a new one. */
  environment: z.optional(environment),
  /** The revision that was edited; null for a new one. */
  revision: z.nullable(z.int()),
  given: EnvironmentInput,
})
export type SaveEnvironmentInput = z.infer<typeof SaveEnvironmentInput>
export const RemoveEnvironmentInput = z.strictObject({ requestId, environment })
