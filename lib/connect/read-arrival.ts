import { secretsOf } from '#lib/channels/eventbridge/secrets.ts'
import { confirmationsOf } from '#lib/channels/sns/confirmation.ts'
import type { Queryable } from '#lib/db/pool.ts'
import type { Channel } from '#lib/environments/environment.ts'
import type { OutageView } from '#lib/tickets/views.ts'
import type { ArrivalView } from './arrival.ts'

/** Long against the time it takes to make everything in an account. */
const WITHIN_HOURS = 24

/** How far the first event has come. */
export async function readArrival(db: Queryable, environment: string, outage: OutageView | null): Promise<ArrivalView> {
  const [webhook, eventbridge, confirmations, channels, setAside, newest] = await Promise.all([
    secretsOf(db, environment, 'webhook'),
    secretsOf(db, environment, 'eventbridge'),
    confirmationsOf(db, environment),
    db.query<{ channel: Channel; received: number; refused: number; first_at: Date }>(
      `select channel, sum(received)::int as received, sum(refused)::int as refused, min(minute) as first_at
       from channel_minutes where environment = $1 and minute > now() - make_interval(hours => $2)
       group by channel order by channel`,
      [environment, WITHIN_HOURS],
    ),
    db.query<{ waiting: number; reason: string | null }>(
      `select count(*)::int as waiting, (array_agg(reason order by id desc))[1] as reason
       from (select id, reason from set_aside where environment = $1 and state = 'waiting' order by id desc limit 1000) s`,
      [environment],
    ),
    db.query<{ ticket_id: string }>(
      'select ticket_id from tickets where environment = $1 order by started_at desc, ticket_id desc limit 1',
      [environment],
    ),
  ])
  return {
    outage,
    secrets: { webhook: webhook.length, eventbridge: eventbridge.length },
    subscriptions: confirmations.map(({ topicArn, waitsUntil, subscriptionArn, problem }) => ({
      topicArn,
      waitsUntil: waitsUntil?.toISOString() ?? null,
      confirmed: subscriptionArn !== null,
      problem,
    })),
    channels: channels.rows.map(({ channel, received, refused, first_at }) => ({
      channel,
      received,
      refused,
      firstAt: first_at.toISOString(),
    })),
    setAside: setAside.rows[0] ?? { waiting: 0, reason: null },
    newestTicketId: newest.rows[0]?.ticket_id ?? null,
  }
}
