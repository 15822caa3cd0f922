/** What came and could not be used: kept with its reason, so that a person sees it and can give it to the index again. */
import type { Db, Queryable } from '#lib/db/pool.ts'
import type { Channel, Environment } from '#lib/environments/environment.ts'
import { makeStorable } from '#lib/flexmatch/well-formed.ts'
import { cutPage, readCursor } from '#lib/tickets/cursor.ts'
import type { PageOf, SetAsideRow } from '#lib/tickets/views.ts'
import { readMessageBody } from './message-body.ts'
import { takeDeliveries } from './take-deliveries.ts'
import { visibleText } from './visible-text.ts'

export interface SetAside {
  channel: Channel
  messageId: string
  reason: string
  /** As it came. */
  body: string
  receiveCount: number
  /** Epoch ms. */
  at: number
}

export type SetAsideState = SetAsideRow['state']

const PAGE_SIZE = 50
/** Of a body, in a list. The longest event of FlexMatch is about four times as long. */
const SHOWN_BYTES = 16_000
/** In one action. */
export const MAX_REDRIVEN = 200

/** Committed when it resolves. A message that comes again is the same row, and waits again whatever became of it. */
export async function setAside(db: Queryable, environment: string, messages: readonly SetAside[]): Promise<void> {
  if (messages.length === 0) return
  // One statement cannot touch a row twice.
  const distinct = [
    ...new Map(messages.map((message) => [`${message.channel} ${message.messageId}`, message])).values(),
  ]
  await db.query(
    `insert into set_aside (environment, channel, message_id, reason, body, receive_count, first_at, last_at, state)
     select $1, channel, message_id, reason, body, receive_count, at, at, 'waiting'
     from unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::int[], $7::timestamptz[])
       as given (channel, message_id, reason, body, receive_count, at)
     on conflict (environment, channel, message_id) do update set
       reason = excluded.reason, receive_count = greatest(set_aside.receive_count, excluded.receive_count),
       last_at = greatest(set_aside.last_at, excluded.last_at), state = 'waiting'`,
    [
      environment,
      distinct.map(({ channel }) => channel),
      distinct.map(({ messageId }) => messageId),
      distinct.map(({ reason }) => makeStorable(reason).slice(0, 2_000)),
      distinct.map(({ body }) => Buffer.from(body, 'utf8')),
      distinct.map(({ receiveCount }) => receiveCount),
      distinct.map(({ at }) => new Date(at)),
    ],
  )
}

/** Messages that were taken after all, because they came again: nobody need look at them any more. */
export async function settleSetAside(
  db: Queryable,
  environment: string,
  channel: Channel,
  messageIds: readonly string[],
): Promise<void> {
  await db.query(
    `update set_aside set state = 'taken'
     where environment = $1 and channel = $2 and message_id = any($3) and state = 'waiting'`,
    [environment, channel, messageIds],
  )
}

interface SetAsideRecord {
  id: string
  channel: Channel
  message_id: string | null
  reason: string
  start_of_body: Buffer
  body_bytes: number
  receive_count: number
  first_at: Date
  last_at: Date
  state: SetAsideState
}

/** Last seen first. Throws AppError INVALID_INPUT for a cursor this function did not give. */
export async function listSetAside(
  db: Queryable,
  environment: string,
  state: SetAsideState = 'waiting',
  cursor: string | null = null,
): Promise<PageOf<SetAsideRow>> {
  const after = readCursor(cursor)
  const { rows } = await db.query<SetAsideRecord>(
    `select id::text, channel, message_id, reason, substring(body from 1 for ${SHOWN_BYTES}) as start_of_body,
       octet_length(body) as body_bytes, receive_count, first_at, last_at, state
     from set_aside where environment = $1 and state = $2
       ${after ? 'and (last_at, id::text) < ($3::timestamptz, $4)' : ''}
     order by last_at desc, id::text desc limit ${PAGE_SIZE + 1}`,
    after ? [environment, state, new Date(after.time ?? 0), after.id] : [environment, state],
  )
  return cutPage(rows, PAGE_SIZE, setAsideRow, (row) => ({ time: row.last_at.getTime(), id: row.id }))
}

function setAsideRow(record: SetAsideRecord): SetAsideRow {
  const start = visibleText(record.start_of_body.toString('utf8'))
  const rest = record.body_bytes - record.start_of_body.length
  return {
    id: record.id,
    channel: record.channel,
    messageId: record.message_id,
    reason: visibleText(record.reason),
    body: rest > 0 ? `${start}\n… and ${rest} bytes more` : start,
    receiveCount: record.receive_count,
    firstAt: record.first_at.toISOString(),
    lastAt: record.last_at.toISOString(),
    state: record.state,
  }
}

export interface RedriveOutcome {
  id: string
  /** null when the index took it; otherwise why it is refused still. */
  refused: string | null
}

/**
 * Gives bodies to the index again, as if they had come just now. Safe to repeat: what the index has already, it knows.
 * Ids that name nothing are passed over. Throws what the door throws when it cannot store; nothing is marked then.
 */
export async function redrive(db: Db, environment: Environment, ids: readonly string[]): Promise<RedriveOutcome[]> {
  const { rows } = await db.query<{ id: string; channel: Channel; message_id: string | null; body: Buffer }>(
    `select id::text, channel, message_id, body from set_aside where environment = $1 and id::text = any($2)
     order by first_at limit ${MAX_REDRIVEN}`,
    [environment.name, ids],
  )
  const outcomes = new Map<string, string | null>()
  const readable: { id: string; delivery: Parameters<typeof takeDeliveries>[2][number] }[] = []
  for (const { id, channel, message_id: messageId, body } of rows) {
    const read = readMessageBody(body.toString('utf8'))
    if (!read.ok) outcomes.set(id, read.reason)
    else readable.push({ id, delivery: { channel, messageId, receivedAt: Date.now(), envelope: read.envelope } })
  }
  const taken = await takeDeliveries(
    db,
    environment,
    readable.map(({ delivery }) => delivery),
  )
  readable.forEach(({ id }, index) => {
    const answer = taken[index]
    outcomes.set(id, answer?.is === 'refused' ? answer.reason : null)
  })
  const all = [...outcomes].map(([id, refused]) => ({ id, refused }))
  await db.query(
    `update set_aside set state = case when given.refused is null then 'taken' else 'waiting' end,
       reason = coalesce(given.refused, set_aside.reason)
     from unnest($2::text[], $3::text[]) as given (id, refused)
     where set_aside.environment = $1 and set_aside.id::text = given.id`,
    [
      environment.name,
      all.map(({ id }) => id),
      all.map(({ refused }) => (refused === null ? null : makeStorable(refused).slice(0, 2_000))),
    ],
  )
  return all
}

/** Puts messages away that are nobody's to use. They can still be looked at and given to the index. */
export async function drop(db: Queryable, environment: string, ids: readonly string[]): Promise<number> {
  const { rowCount } = await db.query(
    `update set_aside set state = 'dropped' where environment = $1 and id::text = any($2) and state = 'waiting'`,
    [environment, ids],
  )
  return rowCount ?? 0
}
