/** What came and could not be used: kept with its reason, so that a person sees it and can give it to the index again. */
import type { Db, Queryable } from '#lib/db/pool.ts'
import type { Channel, Environment } from '#lib/environments/environment.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import { makeStorable } from '#lib/flexmatch/well-formed.ts'
import { cutPage, readCursor } from '#lib/tickets/cursor.ts'
import type { PageOf, SetAsideRow } from '#lib/tickets/views.ts'
import { refusalsOf } from './refusals.ts'
import { MOST_AT_ONCE, type RedriveResult } from './set-aside-inputs.ts'
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

/** From an address: whatever is none of them is the list that somebody should look at. */
export function readState(given: unknown): SetAsideState {
  return given === 'taken' || given === 'dropped' ? given : 'waiting'
}

const PAGE_SIZE = 50
/** Of a body, in a list. The longest event of FlexMatch is about four times as long. */
const SHOWN_BYTES = 16_000
const MAX_REASON = 2_000
/** Redriven in one transaction. */
const BATCH = 200
/** Of many that are refused again: more would not be read. */
const SHOWN_REASONS = 10

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
     on conflict (environment, channel, message_id) where message_id is not null do update set
       reason = excluded.reason, receive_count = greatest(set_aside.receive_count, excluded.receive_count),
       last_at = greatest(set_aside.last_at, excluded.last_at), state = 'waiting'`,
    [
      environment,
      distinct.map(({ channel }) => channel),
      distinct.map(({ messageId }) => messageId),
      distinct.map(({ reason }) => storable(reason)),
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
  id: number
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

/** What was set aside last comes first. Throws AppError INVALID_INPUT for a cursor this function did not give. */
export async function listSetAside(
  db: Queryable,
  environment: string,
  state: SetAsideState = 'waiting',
  cursor: string | null = null,
): Promise<PageOf<SetAsideRow>> {
  const after = readCursor(cursor)
  if (after && !isId(after.id)) throw new AppError('INVALID_INPUT', 'The page address names no place in this list.')
  const { rows } = await db.query<SetAsideRecord>(
    `select id, channel, message_id, reason, substring(body from 1 for ${SHOWN_BYTES}) as start_of_body,
       octet_length(body) as body_bytes, receive_count, first_at, last_at, state
     from set_aside where environment = $1 and state = $2 ${after ? 'and id < $3' : ''}
     order by id desc limit ${PAGE_SIZE + 1}`,
    after ? [environment, state, after.id] : [environment, state],
  )
  return cutPage(rows, PAGE_SIZE, setAsideRow, (row) => ({ time: null, id: String(row.id) }))
}

function isId(text: string): boolean {
  return /^[1-9]\d{0,17}$/.test(text)
}

function setAsideRow(record: SetAsideRecord): SetAsideRow {
  const start = visibleText(record.start_of_body.toString('utf8'))
  const rest = record.body_bytes - record.start_of_body.length
  return {
    id: String(record.id),
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

/**
 * Gives bodies to the index again, as if they had come just now. Safe to repeat: what the index has already, it knows.
 * Ids that name nothing are passed over. Throws what the door throws when it cannot store; nothing is marked then.
 */
export async function redrive(db: Db, environment: Environment, ids: readonly string[]): Promise<RedriveResult> {
  const { rows } = await db.query<StoredMessage>(
    `select id, channel, message_id, body from set_aside where environment = $1 and id = any($2::bigint[]) order by id`,
    [environment.name, ids],
  )
  return resultOf(await redriveMessages(db, environment, rows), false)
}

/** The same with everything that waits, the oldest first, and no more than one action should take. */
export async function redriveWaiting(db: Db, environment: Environment): Promise<RedriveResult> {
  const outcomes: (string | null)[] = []
  let after = 0
  while (outcomes.length < MOST_AT_ONCE) {
    const { rows } = await db.query<StoredMessage>(
      `select id, channel, message_id, body from set_aside
       where environment = $1 and state = 'waiting' and id > $2 order by id limit ${BATCH}`,
      [environment.name, after],
    )
    if (rows.length === 0) return resultOf(outcomes, false)
    outcomes.push(...(await redriveMessages(db, environment, rows)))
    after = rows.at(-1)?.id ?? after
  }
  return resultOf(outcomes, true)
}

interface StoredMessage {
  id: number
  channel: Channel
  message_id: string | null
  body: Buffer
}

/** For each message null when the index has it now, otherwise why it is refused still; and marked so. */
async function redriveMessages(
  db: Db,
  environment: Environment,
  messages: readonly StoredMessage[],
): Promise<(string | null)[]> {
  const at = Date.now()
  const given = messages.map(({ channel, message_id, body }) => ({
    channel,
    messageId: message_id,
    body: body.toString('utf8'),
    receivedAt: at,
  }))
  const refused = (await refusalsOf(db, environment, given)).map((reason) => reason && storable(reason))
  await db.query(
    `update set_aside set state = case when given.refused is null then 'taken' else 'waiting' end,
       reason = coalesce(given.refused, set_aside.reason)
     from unnest($2::bigint[], $3::text[]) as given (id, refused)
     where set_aside.environment = $1 and set_aside.id = given.id`,
    [environment.name, messages.map(({ id }) => id), refused],
  )
  return refused
}

export function resultOf(outcomes: readonly (string | null)[], more: boolean): RedriveResult {
  const counts = new Map<string, number>()
  for (const reason of outcomes) if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  const refused = [...counts].map(([reason, count]) => ({ reason: visibleText(reason), count }))
  return {
    taken: outcomes.filter((reason) => reason === null).length,
    refused: refused.sort((a, b) => b.count - a.count).slice(0, SHOWN_REASONS),
    more,
  }
}

function storable(reason: string): string {
  return makeStorable(reason).slice(0, MAX_REASON)
}

/** Puts messages away that are nobody's to use. They can still be looked at and given to the index. */
export async function drop(db: Queryable, environment: string, ids: readonly string[]): Promise<number> {
  const { rowCount } = await db.query(
    `update set_aside set state = 'dropped' where environment = $1 and id = any($2::bigint[]) and state = 'waiting'`,
    [environment, ids],
  )
  return rowCount ?? 0
}
