/** What the actions on set-aside messages accept and answer. */
import * as z from 'zod/mini'

const environment = z.string().check(z.regex(/^[a-z0-9-]{1,64}$/))
const requestId = z.uuid()
const ids = z.array(z.string().check(z.regex(/^[1-9]\d{0,17}$/))).check(z.minLength(1), z.maxLength(200))

/** `waiting`: everything that waits, up to `MOST_AT_ONCE`. */
export const RedriveInput = z.strictObject({ environment, requestId, ids: z.union([z.literal('waiting'), ids]) })
export const DrainInput = z.strictObject({ environment, requestId, queueUrl: z.string().check(z.maxLength(1_000)) })
export const DropInput = z.strictObject({ environment, requestId, ids })

export const MOST_AT_ONCE = 1_000

export interface RedriveResult {
  /** In the index now. */
  taken: number
  /** Refused once more, by reason, the most frequent first. */
  refused: { reason: string; count: number }[]
  /** Whether `waiting` was more than one action takes. */
  more: boolean
}
