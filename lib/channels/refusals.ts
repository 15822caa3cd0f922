import type { Db } from '#lib/db/pool.ts'
import type { Environment } from '#lib/environments/environment.ts'
import type { Delivery } from '#lib/tickets/receive.ts'
import { readMessageBody } from './message-body.ts'
import { takeDeliveries } from './take-deliveries.ts'

/** Gives messages to the index. For each null when the index has it now, otherwise why it is refused. */
export async function refusalsOf(
  db: Db,
  environment: Environment,
  messages: readonly (Omit<Delivery, 'envelope'> & { body: string })[],
): Promise<(string | null)[]> {
  const reads = messages.map(({ body }) => readMessageBody(body))
  const deliveries = messages.flatMap(({ channel, messageId, receivedAt }, index): Delivery[] => {
    const read = reads[index]
    return read?.ok ? [{ channel, messageId, receivedAt, envelope: read.envelope }] : []
  })
  const answers = (await takeDeliveries(db, environment, deliveries)).values()
  return reads.map((read) => {
    if (!read.ok) return read.reason
    const answer = answers.next().value
    return answer?.is === 'refused' ? answer.reason : null
  })
}
