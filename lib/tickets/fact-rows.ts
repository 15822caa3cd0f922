/** Facts as rows: reading the histories of tickets and matches back. */

import type { Queryable } from '#lib/db/pool.ts'
import type { MatchmakingDetail, PlacementDetail, TicketFact, TicketObservation } from '#lib/flexmatch/events.ts'
import { isMarkedForced, type PlacementEvent } from '#lib/flexmatch/parse-event.ts'
import { matchIdOf, ticketIdsOf } from './arrival.ts'
import type { RawFactView } from './views.ts'

/**
 * Each fact once, however many of the tickets it names, and each by its key: without that order the planner may compare
 * every fact with every link, which for a match of 200 tickets takes seconds.
 */
const READ_HISTORIES = `
  with named as materialized (
    select distinct fact_id, day from fact_tickets where environment = $1 and ticket_id = any($2))
  select f.* from named cross join lateral (
    select id, source, at, configuration, body from facts
    where environment = $1 and id = named.fact_id and day = named.day limit 1) as f`

/** The stored facts of these tickets, by ticket; unordered: the reducer orders them. */
export async function readHistories(
  db: Queryable,
  environment: string,
  ticketIds: readonly string[],
): Promise<Map<string, TicketFact[]>> {
  if (ticketIds.length === 0) return new Map()
  const { rows } = await db.query<FactRow>(READ_HISTORIES, [environment, ticketIds])
  const histories = new Map<string, TicketFact[]>(ticketIds.map((ticketId) => [ticketId, []]))
  for (const row of rows) {
    const fact = factOf(row)
    for (const ticketId of ticketIdsOf(fact)) histories.get(ticketId)?.push(fact)
  }
  return histories
}

export interface StoredFact {
  fact: TicketFact
  view: RawFactView
}

/** Of which days facts can be: each day has a partition, and those of other days are not looked into. Both included. */
export interface Days {
  first: string
  last: string
}

/**
 * From the day of `from` to the day after that of `to`: a queue may have the last word after midnight. Any day where
 * nothing is known, as of tickets that were stored before these times were kept.
 */
export function daysOf(from: Date | null, to: Date | null): Days {
  return from && to ? { first: dayOf(from.getTime()), last: dayOf(to.getTime() + DAY_MS) } : ANY_DAY
}
const DAY_MS = 86_400_000
export const ANY_DAY: Days = { first: '-infinity', last: 'infinity' }

/**
 * On which days facts can be that belong to one match, or to what became of it, with facts of these times (epoch ms):
 * GameLift ends every request within 12 hours.
 */
export function daysAround(times: Iterable<number>): Days {
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const time of times) {
    first = Math.min(first, time)
    last = Math.max(last, time)
  }
  return first <= last ? { first: dayOf(first - DAY_MS), last: dayOf(last + DAY_MS) } : ANY_DAY
}

/** One ticket's facts with what its page shows of them; unordered: the reducer orders them. */
export async function readStoredHistory(
  db: Queryable,
  environment: string,
  ticketId: string,
  { first, last }: Days = ANY_DAY,
): Promise<StoredFact[]> {
  const { rows } = await db.query<FullFactRow>(
    `select f.* from fact_tickets t cross join lateral (
       select id, source, type, at, received_at, configuration, body from facts
       where environment = $1 and id = t.fact_id and day = t.day and day between $3 and $4 limit 1) as f
     where t.environment = $1 and t.ticket_id = $2 and t.day between $3 and $4`,
    [environment, ticketId, first, last],
  )
  return rows.map(stored)
}

/** The facts that carry the id of this match; unordered like those of a ticket. */
export async function readStoredMatchFacts(
  db: Queryable,
  environment: string,
  matchId: string,
  { first, last }: Days,
): Promise<StoredFact[]> {
  const { rows } = await db.query<FullFactRow>(
    `select id, source, type, at, received_at, configuration, body from facts
     where environment = $1 and match_id = $2 and day between $3 and $4`,
    [environment, matchId, first, last],
  )
  return rows.map(stored)
}

/** What queues said about the matches that these facts name. */
export async function readPlacements(
  db: Queryable,
  environment: string,
  facts: readonly TicketFact[],
  { first, last }: Days = ANY_DAY,
): Promise<PlacementEvent[]> {
  const matchIds = [...new Set(facts.map(matchIdOf).filter((matchId) => matchId !== null))]
  if (matchIds.length === 0) return []
  const { rows } = await db.query<{ id: string; at: Date; queue: string; body: { detail: PlacementDetail } }>(
    `select id, at, queue, body from placements
     where environment = $1 and placement_id = any($2) and day between $3 and $4`,
    [environment, matchIds, first, last],
  )
  return rows.map(({ id, at, queue, body }) => ({ id, time: at.getTime(), queue, detail: body.detail }))
}

/** What pages show of these facts. Their times alone do not tell the order: several steps can share one. */
export function inOrderOf(ordered: readonly TicketFact[], stored: readonly StoredFact[]): RawFactView[] {
  const views = new Map(stored.map(({ fact, view }) => [fact.id, view]))
  return ordered.flatMap((fact) => views.get(fact.id) ?? [])
}

/** The facts that carry the ids of these matches, by match. */
export async function readMatchFacts(
  db: Queryable,
  environment: string,
  matchIds: readonly string[],
  { first, last }: Days,
): Promise<Map<string, TicketFact[]>> {
  const { rows } = await db.query<FactRow>(
    `select id, source, at, configuration, body from facts
     where environment = $1 and match_id = any($2) and day between $3 and $4`,
    [environment, matchIds, first, last],
  )
  const found = new Map<string, TicketFact[]>(matchIds.map((matchId) => [matchId, []]))
  for (const row of rows) {
    const fact = factOf(row)
    found.get(matchIdOf(fact) ?? '')?.push(fact)
  }
  return found
}

export interface FactRow {
  id: string
  source: TicketFact['source']
  at: Date
  configuration: string
  body: unknown
}
interface FullFactRow extends FactRow {
  type: RawFactView['type']
  received_at: Date
}

export function factOf(row: FactRow): TicketFact {
  const base = { id: row.id, time: row.at.getTime(), configuration: row.configuration }
  switch (row.source) {
    case 'event': {
      const envelope = row.body as { detail: MatchmakingDetail; matchdesk?: unknown }
      const forced = isMarkedForced(envelope)
      return { ...base, source: 'event', detail: envelope.detail, ...(forced && { forced }) }
    }
    case 'describe':
      return { ...base, source: 'describe', observation: row.body as TicketObservation }
    case 'gone':
      return { ...base, source: 'gone', ticketId: (row.body as { ticketId: string }).ticketId }
    default:
      return { ...base, source: 'overdue', ...(row.body as { ticketId: string; startTime: number }) }
  }
}

function stored(row: FullFactRow): StoredFact {
  return {
    fact: factOf(row),
    view: {
      id: row.id,
      at: row.at.toISOString(),
      receivedAt: row.received_at.toISOString(),
      source: row.source,
      type: row.type,
      body: row.body,
    },
  }
}

export function typeOf(fact: TicketFact): RawFactView['type'] {
  return fact.source === 'event' ? fact.detail.type : OBSERVATIONS[fact.source]
}
const OBSERVATIONS = { describe: 'TicketDescribed', gone: 'TicketGone', overdue: 'TicketOverdue' } as const

export function bodyOf(fact: TicketFact): unknown {
  switch (fact.source) {
    case 'event':
      return { detail: fact.detail }
    case 'describe':
      return fact.observation
    case 'gone':
      return { ticketId: fact.ticketId }
    default:
      return { ticketId: fact.ticketId, startTime: fact.startTime }
  }
}

/** The UTC day of a time: where its partition is. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, -14)
}
