/** What the actions on switches accept. */
import * as z from 'zod/mini'
import { READ_ONLY, SWITCHABLE } from './switch-names.ts'

const requestId = z.uuid()
const name = z.enum([READ_ONLY, ...SWITCHABLE])

export const MoveSwitchInput = z.strictObject({ requestId, name })
export type MoveSwitchInput = z.infer<typeof MoveSwitchInput>
