/** What the actions on channels accept and answer. */
import * as z from 'zod/mini'

const environment = z.string().check(z.regex(/^[a-z0-9-]{1,64}$/))
const requestId = z.uuid()

export const RotateSecretInput = z.strictObject({
  environment,
  requestId,
  /** The channels whose senders know a secret. */
  channel: z.enum(['webhook', 'eventbridge']),
  /** For a secret that became known: those before the new one end at once, not in a day. */
  endOldNow: z.boolean(),
})
export interface RotatedSecret {
  /** ISO; null when no older secret is left. */
  endsOldAt: string | null
  /** This once only. A repeat of the click does not have it. */
  secret?: string
}

export const OpenConfirmationInput = z.strictObject({ environment, requestId })
