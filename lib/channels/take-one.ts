import { createHash } from 'node:crypto'
import type { Db } from '#lib/db/pool.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { noteDeliveries } from '#lib/integrity/channel-minutes.ts'
import { type Delivery, receive } from '#lib/tickets/receive.ts'
import type { Answer } from './answers.ts'
import { whyForeign } from './foreign.ts'
import type { ReadBody } from './message-body.ts'
import { setAside } from './set-aside.ts'

/** Leaves time to answer within `ANSWER_WITHIN_MS`, however long the body took. */
const STORE_WITHIN_MS = 3_000

/**
 * One delivery by a sender that is known. What is of elsewhere is refused; the rest goes through the one door, and is
 * set aside with its `body` when it is no event that can be read: the sender will not bring it again.
 */
export async function takeOne(
  db: Db,
  environment: Environment,
  from: Omit<Delivery, 'envelope'>,
  event: ReadBody,
  body: string,
): Promise<Answer> {
  const { channel, receivedAt } = from
  const noteRefused = () =>
    noteDeliveries(db, environment.name, [{ channel, receivedAt, eventAt: null, became: 'refused', late: false }])
  if (!event.ok) {
    await noteRefused()
    return keep(db, environment, from, body, event.reason)
  }
  const foreign = whyForeign(environment, event.envelope)
  if (foreign !== null) {
    // Counted and not kept: it may be all that happens elsewhere.
    await noteRefused()
    return { is: 'foreign', reason: `Refused: ${foreign}.` }
  }
  const [taken] = await receive(db, environment, [{ ...from, envelope: event.envelope }], { ms: STORE_WITHIN_MS })
  return taken?.is === 'refused' ? keep(db, environment, from, body, taken.reason) : { is: 'taken', reason: '' }
}

async function keep(
  db: Db,
  environment: Environment,
  { channel, messageId, receivedAt }: Omit<Delivery, 'envelope'>,
  body: string,
  reason: string,
): Promise<Answer> {
  const name = messageId ?? createHash('md5').update(body).digest('hex')
  await setAside(db, environment.name, [{ channel, messageId: name, reason, body, receiveCount: 1, at: receivedAt }])
  return { is: 'unreadable', reason: `The event was refused: ${reason}.` }
}
