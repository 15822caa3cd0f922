/** The index at work: deliveries through its one door, in one piece and by halves, and whether everything is there afterwards. */
import { isDeepStrictEqual } from 'node:util'
import { type Db, inTransaction } from '#lib/db/pool.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { builtInEnvironment } from '#lib/environments/registry.ts'
import type { EventFact } from '#lib/flexmatch/events.ts'
import { parseEnvelope } from '#lib/flexmatch/parse-event.ts'
import { projectFurther } from '#lib/flexmatch/project-further.ts'
import { type EventArrival, prepare } from '#lib/tickets/arrival.ts'
import { saveCounters } from '#lib/tickets/counters.ts'
import { lockEnvironment } from '#lib/tickets/environment-lock.ts'
import { tellListeners } from '#lib/tickets/notify.ts'
import { projectAnew } from '#lib/tickets/project-anew.ts'
import { type Delivery, receive } from '#lib/tickets/receive.ts'
import { saveRollups } from '#lib/tickets/rollups.ts'
import { readNews, writeNews } from '#lib/tickets/store-facts.ts'
import { countTickets, readCounters, readRollups, scanRollups } from '#lib/tickets/testing/index-dump.ts'
import { lastHeardOf, lockTickets, type ProjectedTicket, saveTickets } from '#lib/tickets/ticket-rows.ts'
import { EVENTS_PER_MATCH, type Sent } from './write-history.ts'

const PER_DELIVERY = 100

export function benchEnvironment(): Environment {
  return builtInEnvironment({ host: '127.0.0.1', enginePort: 1, region: 'eu-central-1', accountId: '111122223333' })
}

/** As a backlog comes: `waiting` events are on their way at any time, in deliveries of a hundred. */
export async function receiveBacklog(db: Db, events: readonly Sent[], waiting: number): Promise<void> {
  const environment = benchEnvironment()
  let next = 0
  const deliver = async () => {
    while (next < events.length) {
      const from = next
      next += PER_DELIVERY
      await receiveAll(db, environment, events.slice(from, next))
    }
  }
  await Promise.all(Array.from({ length: waiting / PER_DELIVERY }, deliver))
}

/** In one call. Throws when one of them was known, or was not taken. */
export async function receiveAll(db: Db, environment: Environment, events: readonly Sent[]): Promise<void> {
  const receivedAt = Date.now()
  const given = events.map(
    ({ envelope }): Delivery => ({ channel: 'sqs', messageId: String(envelope.id), receivedAt, envelope }),
  )
  for (const taken of await receive(db, environment, given)) {
    if (taken.is !== 'added')
      throw new Error(`An event was ${taken.is}${'reason' in taken ? `: ${taken.reason}` : ''}.`)
  }
}

/**
 * What the door does of events alone, so many in a transaction: reads them, looks for copies that are known, stores each
 * with its indexes and its links to tickets. Whoever measures this measures no ticket being moved.
 */
export async function storeEvents(db: Db, events: readonly Sent[], perBatch: number): Promise<void> {
  const environment = benchEnvironment().name
  let next = 0
  const storeNext = async () => {
    while (next < events.length) {
      const from = next
      next += perBatch
      const now = Date.now()
      const arrivals = events.slice(from, next).map(({ envelope }) => arrivalOf(envelope, now))
      await inTransaction(db, async (tx) => {
        await lockEnvironment(tx, environment)
        const news = await readNews(tx, environment, arrivals, now)
        await writeNews(tx, environment, news, now)
      })
    }
  }
  // One batch is read while the database stores the one before.
  await Promise.all([storeNext(), storeNext()])
}

function arrivalOf(envelope: Record<string, unknown>, receivedAt: number): EventArrival {
  const parsed = parseEnvelope(envelope)
  if (parsed.kind !== 'matchmaking') throw new Error('Only FlexMatch events are written here.')
  return { ...parsed, channel: 'sqs', receivedAt, prepared: prepare(envelope) }
}

/**
 * What the door does of the tickets that these facts name: reads them, goes on from where they stand, saves them with
 * their players, counters and rollups, and tells listeners. Whoever measures this measures no event being stored.
 */
export async function moveTickets(db: Db, facts: ReadonlyMap<string, readonly EventFact[]>): Promise<void> {
  const environment = benchEnvironment().name
  const now = Date.now()
  await inTransaction(db, async (tx) => {
    await lockEnvironment(tx, environment)
    const known = await lockTickets(tx, environment, [...facts.keys()])
    const projected: ProjectedTicket[] = []
    for (const [ticketId, own] of facts) {
      const before = known.get(ticketId)
      const next = before && projectFurther(before, own)
      if (before && !next) throw new Error(`Ticket ${ticketId} needs its whole history.`)
      projected.push(
        before && next
          ? { ...next, firstFactAt: before.firstFactAt, heard: lastHeardOf(own) }
          : projectAnew(ticketId, own),
      )
    }
    await saveTickets(tx, environment, projected, known, now)
    const after = projected.map(({ ticket }) => ticket)
    await saveCounters(tx, environment, after, known)
    const moves = after.map((ticket) => ({ before: known.get(ticket.ticketId)?.ticket ?? null, after: ticket }))
    await saveRollups(tx, environment, moves)
    await tellListeners(tx, environment, { ticketIds: [...facts.keys()] })
  })
}

/** Throws unless every ticket of `matches` is completed, and what is counted of them is right. */
export async function checkTickets(db: Db, matches: number): Promise<void> {
  const environment = benchEnvironment().name
  const { rows } = await db.query<{ completed: number }>(
    `select count(*) as completed from tickets where environment = $1 and status = 'COMPLETED' and not tied`,
    [environment],
  )
  mustEqual('Completed are', rows[0]?.completed, matches * 2)
  await checkCounted(db, environment)
}

/** Throws unless every event of `matches` is stored once, and linked to its tickets. */
export async function checkStored(db: Db, matches: number): Promise<void> {
  const { rows } = await db.query(
    `select (select count(*) from facts where environment = $1) as facts,
       (select count(*) from fact_tickets where environment = $1) as named`,
    [benchEnvironment().name],
  )
  mustEqual('Stored are', rows, [{ facts: matches * EVENTS_PER_MATCH, named: matches * 12 }])
}

/** Throws unless every event is stored once, every ticket of `matches` is completed, and all that is counted is right. */
export async function checkIndex(db: Db, matches: number): Promise<void> {
  const environment = benchEnvironment().name
  const count = async (what: string) => {
    const { rows } = await db.query<{ count: number }>(`select count(*) as count from ${what}`, [environment])
    return rows[0]!.count
  }
  const found = {
    facts: await count('facts where environment = $1'),
    named: await count('fact_tickets where environment = $1'),
    completed: await count(`tickets where environment = $1 and status = 'COMPLETED' and not tied`),
    players: await count('ticket_players where environment = $1'),
    matches: await count(`matches where environment = $1 and status = 'completed' and ticket_count = 2`),
    sessions: await count('game_sessions where environment = $1'),
    gaps: await count('gaps where environment = $1'),
    noted: await count(`channel_minutes, generate_series(1, added) where environment = $1`),
  }
  const expected = {
    ...{ facts: matches * EVENTS_PER_MATCH, named: matches * 12, completed: matches * 2, players: matches * 2 },
    ...{ matches, sessions: matches, gaps: 0, noted: matches * EVENTS_PER_MATCH },
  }
  mustEqual('The index holds', found, expected)
  await checkCounted(db, environment)
}

async function checkCounted(db: Db, environment: string): Promise<void> {
  mustEqual('The counters say', await readCounters(db, environment), await countTickets(db, environment))
  for (const table of ['rollups', 'rollups_15'] as const) {
    mustEqual(`${table} say`, await readRollups(db, environment, table), await scanRollups(db, environment, table))
  }
}

function mustEqual(words: string, found: unknown, expected: unknown): void {
  if (isDeepStrictEqual(found, expected)) return
  throw new Error(`${words} ${JSON.stringify(found)} where ${JSON.stringify(expected)} is right.`)
}
