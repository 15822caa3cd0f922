import * as z from 'zod/mini'
import { EnvironmentInput } from '#lib/environments/environment-input.ts'
import { CHECK_PARTS } from './check.ts'

export const CheckConnectionInput = z.strictObject({
  requestId: z.uuid(),
  part: z.enum(CHECK_PARTS),
  given: EnvironmentInput,
})
