/** Facts as rows: writing each once, reading the histories of tickets and matches back. */

import type { Queryable } from '#lib/db/pool.ts'
import type { MatchmakingDetail, TicketFact, TicketObservation } from '#lib/flexmatch/events.ts'
import { isMarkedForced } from '#lib/flexmatch/parse-event.ts'
import { type Arrival, matchIdOf, sessionArnOf, ticketIdsOf } from './arrival.ts'
import type { RawFactView } from './views.ts'

type TicketArrival = Exclude<Arrival, { kind: 'placement' }>
type PlacementArrival = Extract<Arrival, { kind: 'placement' }>

/** Writes what is not there yet, with its links to tickets; returns the facts that are new. */
export async function insertFacts(
  db: Queryable,
  environment: string,
  arrivals: readonly TicketArrival[],
  now: number,
): Promise<TicketFact[]> {
  const unknown = await withoutKnownObservations(db, environment, arrivals)
  if (unknown.length === 0) return []
  const rows = unknown.map(({ fact, ...rest }) => ({
    id: fact.id,
    day: dayOf(fact.time),
    source: fact.source,
    type: typeOf(fact),
    at: iso(fact.time),
    configuration: fact.configuration,
    match_id: matchIdOf(fact),
    game_session_arn: sessionArnOf(fact),
    body: 'envelope' in rest ? rest.envelope : bodyOf(fact),
  }))
  const { rows: added } = await db.query<{ id: string }>(
    `insert into facts (environment, id, day, source, type, at, received_at, configuration, match_id, game_session_arn,
       body)
     select $1, id, day, source, type, at, $2, configuration, match_id, game_session_arn, body
     from json_to_recordset($3) as given (id text, day date, source text, type text, at timestamptz,
       configuration text, match_id text, game_session_arn text, body jsonb)
     on conflict do nothing returning id`,
    [environment, iso(now), JSON.stringify(rows)],
  )
  const addedIds = new Set(added.map((row) => row.id))
  const facts = new Map<string, TicketFact>()
  for (const { fact } of unknown) if (addedIds.has(fact.id) && !facts.has(fact.id)) facts.set(fact.id, fact)
  const links = [...facts.values()].flatMap((fact) => ticketIdsOf(fact).map((ticketId) => ({ ticketId, fact })))
  await db.query(
    `insert into fact_tickets (environment, ticket_id, fact_id, day, type, at)
     select $1, * from unnest($2::text[], $3::text[], $4::date[], $5::text[], $6::timestamptz[])`,
    [
      environment,
      links.map((link) => link.ticketId),
      links.map((link) => link.fact.id),
      links.map((link) => dayOf(link.fact.time)),
      links.map((link) => typeOf(link.fact)),
      links.map((link) => iso(link.fact.time)),
    ],
  )
  return [...facts.values()]
}

/**
 * Without the observations that are stored already. An answer carries the time it was asked for: the same one may come
 * with the date of another day, and keys hold within a day. Whoever writes holds the environment's lock.
 */
async function withoutKnownObservations(
  db: Queryable,
  environment: string,
  arrivals: readonly TicketArrival[],
): Promise<readonly TicketArrival[]> {
  const observed = arrivals.filter(({ kind }) => kind === 'observation').map(({ fact }) => fact)
  if (observed.length === 0) return arrivals
  const { rows } = await db.query<{ fact_id: string }>(
    `select fact_id from fact_tickets
     where environment = $1 and (ticket_id, fact_id) in (select * from unnest($2::text[], $3::text[]))`,
    [environment, observed.flatMap(ticketIdsOf), observed.map(({ id }) => id)],
  )
  const known = new Set(rows.map((row) => row.fact_id))
  return arrivals.filter(({ kind, fact }) => kind !== 'observation' || !known.has(fact.id))
}

/** Writes placement events that are not there yet; returns them with the placements they speak about. */
export async function insertPlacements(
  db: Queryable,
  environment: string,
  arrivals: readonly PlacementArrival[],
  now: number,
): Promise<{ id: string; placementId: string }[]> {
  if (arrivals.length === 0) return []
  const rows = arrivals.map(({ event, envelope }) => ({
    id: event.id,
    day: dayOf(event.time),
    placement_id: event.detail.placementId,
    type: event.detail.type,
    at: iso(event.time),
    queue: event.queue,
    body: envelope,
  }))
  const { rows: added } = await db.query<{ id: string; placementId: string }>(
    `insert into placements (environment, id, day, placement_id, type, at, received_at, queue, body)
     select $1, id, day, placement_id, type, at, $2, queue, body
     from json_to_recordset($3) as given (id text, day date, placement_id text, type text, at timestamptz, queue text,
       body jsonb)
     on conflict do nothing returning id, placement_id as "placementId"`,
    [environment, iso(now), JSON.stringify(rows)],
  )
  return added
}

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

/** One ticket's facts with what its page shows of them; unordered: the reducer orders them. */
export async function readStoredHistory(db: Queryable, environment: string, ticketId: string): Promise<StoredFact[]> {
  const { rows } = await db.query<FullFactRow>(
    `select f.* from fact_tickets t cross join lateral (
       select id, source, type, at, received_at, configuration, body from facts
       where environment = $1 and id = t.fact_id and day = t.day limit 1) as f
     where t.environment = $1 and t.ticket_id = $2`,
    [environment, ticketId],
  )
  return rows.map(stored)
}

/** The facts that carry the id of this match; unordered like those of a ticket. */
export async function readStoredMatchFacts(db: Queryable, environment: string, matchId: string): Promise<StoredFact[]> {
  const { rows } = await db.query<FullFactRow>(
    `select id, source, type, at, received_at, configuration, body from facts
     where environment = $1 and match_id = $2`,
    [environment, matchId],
  )
  return rows.map(stored)
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
): Promise<Map<string, TicketFact[]>> {
  const { rows } = await db.query<FactRow>(
    `select id, source, at, configuration, body from facts where environment = $1 and match_id = any($2)`,
    [environment, matchIds],
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

function typeOf(fact: TicketFact): RawFactView['type'] {
  return fact.source === 'event' ? fact.detail.type : OBSERVATIONS[fact.source]
}
const OBSERVATIONS = { describe: 'TicketDescribed', gone: 'TicketGone', overdue: 'TicketOverdue' } as const

function bodyOf(fact: TicketFact): unknown {
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
function dayOf(time: number): string {
  return iso(time).slice(0, -14)
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
