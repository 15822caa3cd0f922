/** What the bulk actions accept. Parsed from `unknown`: each action is a public POST endpoint. */
import * as z from 'zod/mini'
import { INDEXED_STATUSES, TICKET_KINDS } from '#lib/flexmatch/status.ts'

/** No run is larger, whatever is set. */
export const MOST_TICKETS = 1_000

const environment = z.string().check(z.regex(/^[a-z0-9-]{1,64}$/))
const requestId = z.uuid()
const ticketId = z.string().check(z.regex(/^[a-zA-Z0-9-.]{1,128}$/))
const text = (most: number) => z.nullable(z.string().check(z.minLength(1), z.maxLength(most)))

const filter = z.strictObject({
  tab: z.enum(['open', 'all', ...INDEXED_STATUSES]),
  configuration: text(256),
  kind: z.nullable(z.enum(TICKET_KINDS)),
  playerId: text(1_024),
  ticketId: text(128),
  minAgeSeconds: z.nullable(z.int().check(z.minimum(1), z.maximum(31_536_000))),
  presumed: z.boolean(),
  order: z.enum(['newest', 'oldest']),
})
const selection = z.union([
  z.strictObject({ ticketIds: z.array(ticketId).check(z.minLength(1), z.maxLength(MOST_TICKETS)) }),
  z.strictObject({ filter }),
  z.strictObject({ run: z.uuid(), which: z.enum(['left', 'all']) }),
])

export const PreviewCancelInput = z.strictObject({ environment, requestId, selection })
export const PreviewAnswerInput = z.strictObject({
  environment,
  requestId,
  answer: z.enum(['ACCEPT', 'REJECT']),
  selection,
})
export const ConfirmBulkInput = z.strictObject({
  environment,
  requestId,
  bulkId: z.uuid(),
  token: z.string().check(z.minLength(1), z.maxLength(100)),
  /** How many were shown. */
  count: z.int().check(z.minimum(1), z.maximum(MOST_TICKETS)),
  /** What was typed, and why; '' where nobody has to say. */
  confirmation: z.string().check(z.maxLength(128)),
  reason: z.string().check(z.maxLength(500)),
})
export const SteerBulkInput = z.strictObject({
  environment,
  requestId,
  bulkId: z.uuid(),
  to: z.enum(['pause', 'resume', 'abort']),
})

export type ConfirmBulkInput = z.infer<typeof ConfirmBulkInput>
export type SteerBulkInput = z.infer<typeof SteerBulkInput>
