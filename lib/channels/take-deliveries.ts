import type { Db } from '#lib/db/pool.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { noteDeliveries } from '#lib/integrity/channel-minutes.ts'
import { type Delivery, receive, type Taken } from '#lib/tickets/receive.ts'
import { whyForeign } from './foreign.ts'

/** As `receive`, for channels that anybody with access to the queue can write to: what is of elsewhere is refused. */
export async function takeDeliveries(db: Db, environment: Environment, given: readonly Delivery[]): Promise<Taken[]> {
  const foreign = given.map(({ envelope }) => whyForeign(environment, envelope))
  const ours = given.filter((_, index) => foreign[index] === null)
  const answers = (ours.length > 0 ? await receive(db, environment, ours) : []).values()
  const refused = given.filter((_, index) => foreign[index] !== null)
  await noteDeliveries(
    db,
    environment.name,
    refused.map(({ channel, receivedAt }) => ({ channel, receivedAt, eventAt: null, became: 'refused', late: false })),
  )
  return foreign.map((reason) => (reason === null ? (answers.next().value as Taken) : { is: 'refused', reason }))
}
