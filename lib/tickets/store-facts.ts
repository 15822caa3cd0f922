/** Writing facts: each event once, with all the copies that came of it, and each observation once. */
import { days, jsons, texts, times } from '#lib/db/columns.ts'
import type { Queryable } from '#lib/db/pool.ts'
import type { TicketFact } from '#lib/flexmatch/events.ts'
import { type Arrival, type EventArrival, matchIdOf, prepare, sessionArnOf, ticketIdsOf } from './arrival.ts'
import { type Copy, type CopyOutcome, mergeCopies, type Occurrence } from './event-copies.ts'
import { bodyOf, dayOf, typeOf } from './fact-rows.ts'

export interface News {
  /** Facts about tickets that were not known. */
  facts: TicketFact[]
  /** Facts that were known, at another time now: a copy told it more exactly. */
  moved: TicketFact[]
  placements: { placementId: string; type: string }[]
  /** What became of each arrival, in their order. An observation is never a `copy`. */
  outcomes: CopyOutcome[]
  /** What is to be written. */
  rows: NewRow[]
  changed: Changed[]
}
interface Changed {
  group: Group
  before: Occurrence
  after: Occurrence
}

/** What of it is new. Whoever calls holds the environment's lock until `writeNews` is done. `now` is epoch ms. */
export async function readNews(
  db: Queryable,
  environment: string,
  arrivals: readonly Arrival[],
  now: number,
): Promise<News> {
  const news: News = { facts: [], moved: [], placements: [], outcomes: [], rows: [], changed: [] }
  news.rows.push(...(await newObservations(db, environment, arrivals, news)))
  const groups = groupByContent(arrivals, now)
  const stored = await readOccurrences(db, environment, await readKnown(db, environment, groups))
  for (const group of groups) {
    const before = stored.get(group.key) ?? []
    if (before.length > 0) group.merged = mergeCopies(group.key, before, group.copies)
    for (const [n, after] of group.merged.occurrences.entries()) {
      const known = before[n]
      if (!known) news.rows.push(rowOf(group, after))
      else if (!sameCopies(known, after)) news.changed.push({ group, before: known, after })
    }
    for (const [index, place] of group.places.entries()) {
      news.outcomes[place] = group.merged.outcomes[index] as CopyOutcome
    }
  }
  for (const { fact, placementId, type } of news.rows) {
    if (fact) news.facts.push(fact)
    else if (placementId) news.placements.push({ placementId, type })
  }
  for (const { group, before, after } of news.changed) {
    const fact = factAt(group.arrival, after)
    if (fact && before.at !== after.at) news.moved.push(fact)
  }
  return news
}

export async function writeNews(
  db: Queryable,
  environment: string,
  { facts, rows, changed }: News,
  now: number,
): Promise<void> {
  await insert(db, environment, rows, now)
  await update(db, environment, changed)
  await link(db, environment, facts)
}

/** The copies of one content that arrived together. */
interface Group {
  key: string
  /** As JSON. */
  body: string
  day: string
  /** Any of them: what they say is the same. */
  arrival: EventArrival
  copies: Copy[]
  /** Where each of them stood among the arrivals. */
  places: number[]
  merged: { occurrences: Occurrence[]; outcomes: CopyOutcome[] }
}

function groupByContent(arrivals: readonly Arrival[], now: number): Group[] {
  const groups = new Map<string, Group>()
  for (const [place, arrival] of arrivals.entries()) {
    if (arrival.kind === 'observation') continue
    const { id, time } = arrival.kind === 'placement' ? arrival.event : arrival.fact
    const { channel = 'webhook', receivedAt = now, envelope } = arrival
    const { key, body } = arrival.prepared ?? prepare(envelope)
    const copy: Copy = { channel, id, at: time, receivedAt, ...(isInSeconds(envelope.time) && { inSeconds: true }) }
    const known = groups.get(key)
    if (known) {
      known.copies.push(copy)
      known.places.push(place)
    } else {
      const merged = { occurrences: [], outcomes: [] }
      groups.set(key, { key, body, day: dayOf(time), arrival, copies: [copy], places: [place], merged })
    }
  }
  for (const group of groups.values()) group.merged = mergeCopies(group.key, [], group.copies)
  return [...groups.values()]
}

function isInSeconds(time: unknown): boolean {
  return typeof time === 'string' && !time.includes('.')
}

interface NewRow {
  id: string
  at: number
  copies: Copy[]
  /** As JSON. */
  body: string
  /** null for what a queue said. */
  fact: TicketFact | null
  placementId: string | null
  type: string
  /** Of the configuration, or of the queue. */
  name: string
}

function rowOf({ arrival, body }: Group, { id, at, copies }: Occurrence): NewRow {
  const fact = factAt(arrival, { id, at })
  if (arrival.kind === 'placement') {
    const { detail, queue } = arrival.event
    const { type, placementId } = detail
    return { id, at, copies, body, fact, placementId, type, name: queue }
  }
  const { fact: said } = arrival
  return { id, at, copies, body, fact, placementId: null, type: typeOf(said), name: said.configuration }
}

function factAt(arrival: EventArrival, { id, at }: { id: string; at: number }): TicketFact | null {
  return arrival.kind === 'placement' ? null : { ...arrival.fact, id, time: at }
}

/**
 * An answer carries the time it was asked for: the same one may come with the date of another day, and keys hold within
 * a day only.
 */
async function newObservations(
  db: Queryable,
  environment: string,
  arrivals: readonly Arrival[],
  news: News,
): Promise<NewRow[]> {
  const observed = arrivals.filter((arrival) => arrival.kind === 'observation').map(({ fact }) => fact)
  if (observed.length === 0) return []
  const { rows } = await db.query<{ fact_id: string }>(
    `select fact_id from fact_tickets
     where environment = $1 and (ticket_id, fact_id) in (select * from unnest($2::text[], $3::text[]))`,
    [environment, observed.flatMap(ticketIdsOf), observed.map(({ id }) => id)],
  )
  const known = new Set(rows.map((row) => row.fact_id))
  const fresh: NewRow[] = []
  for (const [place, arrival] of arrivals.entries()) {
    if (arrival.kind !== 'observation') continue
    const { fact } = arrival
    news.outcomes[place] = known.has(fact.id) ? 'repeated' : 'added'
    if (known.has(fact.id)) continue
    known.add(fact.id)
    const { id, time: at, configuration: name } = fact
    fresh.push({
      id,
      at,
      copies: [],
      body: JSON.stringify(bodyOf(fact)),
      fact,
      placementId: null,
      type: typeOf(fact),
      name,
    })
  }
  return fresh
}

async function insert(db: Queryable, environment: string, rows: readonly NewRow[], now: number): Promise<void> {
  const [facts, placements] = [rows.filter(({ fact }) => fact), rows.filter(({ fact }) => !fact)]
  if (facts.length > 0) {
    const { rowCount } = await db.query(
      `insert into facts (environment, received_at, id, day, at, type, configuration, copies, body, source, match_id,
         game_session_arn)
       select $1, $2, unnest($3::text[]), unnest($4::date[]), unnest($5::timestamptz[]), unnest($6::text[]),
         unnest($7::text[]), unnest($8::jsonb[]), unnest($9::jsonb[]), unnest($10::text[]), unnest($11::text[]),
         unnest($12::text[])`,
      [
        environment,
        new Date(now),
        ...columnsOf(facts),
        texts(facts.map(({ fact }) => fact?.source ?? null)),
        texts(facts.map(({ fact }) => fact && matchIdOf(fact))),
        texts(facts.map(({ fact }) => fact && sessionArnOf(fact))),
      ],
    )
    if (rowCount !== facts.length) throw new Error(`Stored ${rowCount} of ${facts.length} facts.`)
  }
  if (placements.length > 0) {
    const { rowCount } = await db.query(
      `insert into placements (environment, received_at, id, day, at, type, queue, copies, body, placement_id)
       select $1, $2, unnest($3::text[]), unnest($4::date[]), unnest($5::timestamptz[]), unnest($6::text[]),
         unnest($7::text[]), unnest($8::jsonb[]), unnest($9::jsonb[]), unnest($10::text[])`,
      [environment, new Date(now), ...columnsOf(placements), texts(placements.map(({ placementId }) => placementId))],
    )
    if (rowCount !== placements.length) throw new Error(`Stored ${rowCount} of ${placements.length} placement events.`)
  }
}

function columnsOf(rows: readonly NewRow[]): Buffer[] {
  return [
    texts(rows.map(({ id }) => id)),
    days(rows.map(({ at }) => at)),
    times(rows.map(({ at }) => at)),
    texts(rows.map(({ type }) => type)),
    texts(rows.map(({ name }) => name)),
    jsons(rows.map(({ copies }) => JSON.stringify(copies))),
    jsons(rows.map(({ body }) => body)),
  ]
}

/** Those of which something is stored. Almost every event is new. */
async function readKnown(db: Queryable, environment: string, groups: readonly Group[]): Promise<Group[]> {
  const known = new Set<string>()
  for (const table of ['facts', 'placements'] as const) {
    const asked = groups.filter(({ arrival }) => (arrival.kind === 'placement') === (table === 'placements'))
    if (asked.length === 0) continue
    // By their days, so that only the partitions of these are looked at.
    const { rows } = await db.query<{ id: string }>(
      `select id from ${table} where environment = $1 and day = any($2) and id = any($3)`,
      [environment, [...new Set(asked.map(({ day }) => day))], texts(asked.map(({ key }) => key))],
    )
    for (const { id } of rows) known.add(id)
  }
  return groups.filter(({ key }) => known.has(key))
}

/** What is stored of each content, by key and in order. */
async function readOccurrences(
  db: Queryable,
  environment: string,
  groups: readonly Group[],
): Promise<Map<string, Occurrence[]>> {
  const found = new Map<string, Occurrence[]>()
  for (const table of ['facts', 'placements'] as const) {
    const asked = groups.filter(({ arrival }) => (arrival.kind === 'placement') === (table === 'placements'))
    if (asked.length === 0) continue
    // Keys are of one length, so between the key and the key followed by what comes after "." are its occurrences.
    const { rows } = await db.query<{ key: string; id: string; at: Date; copies: Copy[] }>(
      `select asked.key, f.id, f.at, f.copies
       from unnest($2::text[], $3::date[]) as asked (key, day)
       cross join lateral (
         select id, at, copies from ${table}
         where environment = $1 and id >= asked.key and id < asked.key || '/' and day = asked.day) as f`,
      [environment, asked.map(({ key }) => key), asked.map(({ day }) => day)],
    )
    for (const { key, id, at, copies } of rows) {
      const occurrences = found.get(key) ?? []
      found.set(key, occurrences)
      occurrences[id === key ? 0 : Number(id.slice(key.length + 1))] = { id, at: at.getTime(), copies }
    }
  }
  return found
}

function sameCopies(a: Occurrence, b: Occurrence): boolean {
  if (a.at !== b.at || a.copies.length !== b.copies.length) return false
  return b.copies.every((copy) =>
    a.copies.some((other) => other.channel === copy.channel && other.id === copy.id && other.at === copy.at),
  )
}

async function update(db: Queryable, environment: string, changed: readonly Changed[]): Promise<void> {
  for (const table of ['facts', 'placements'] as const) {
    const rows = changed.filter(({ group }) => (group.arrival.kind === 'placement') === (table === 'placements'))
    if (rows.length === 0) continue
    const { rowCount } = await db.query(
      `update ${table} as f set at = given.at, copies = given.copies
       from unnest($2::text[], $3::date[], $4::timestamptz[], $5::jsonb[]) as given (id, day, at, copies)
       where f.environment = $1 and f.id = given.id and f.day = given.day`,
      [
        environment,
        rows.map(({ after }) => after.id),
        rows.map(({ group }) => group.day),
        rows.map(({ after }) => iso(after.at)),
        rows.map(({ after }) => JSON.stringify(after.copies)),
      ],
    )
    if (rowCount !== rows.length) throw new Error(`Noted the copies of ${rowCount} of ${rows.length} events.`)
  }
  const moved = changed.flatMap(({ group, before, after }) => {
    const fact = factAt(group.arrival, after)
    return fact && before.at !== after.at ? ticketIdsOf(fact).map((ticketId) => ({ ticketId, fact })) : []
  })
  if (moved.length === 0) return
  const { rowCount } = await db.query(
    `update fact_tickets as t set at = given.at
     from unnest($2::text[], $3::text[], $4::date[], $5::timestamptz[]) as given (ticket_id, fact_id, day, at)
     where t.environment = $1 and t.ticket_id = given.ticket_id and t.fact_id = given.fact_id and t.day = given.day`,
    [
      environment,
      moved.map(({ ticketId }) => ticketId),
      moved.map(({ fact }) => fact.id),
      moved.map(({ fact }) => dayOf(fact.time)),
      moved.map(({ fact }) => iso(fact.time)),
    ],
  )
  if (rowCount !== moved.length) throw new Error(`Moved ${rowCount} of ${moved.length} links to tickets.`)
}

async function link(db: Queryable, environment: string, facts: readonly TicketFact[]): Promise<void> {
  const links = facts.flatMap((fact) => ticketIdsOf(fact).map((ticketId) => ({ ticketId, fact })))
  if (links.length === 0) return
  const { rowCount } = await db.query(
    `insert into fact_tickets (environment, ticket_id, fact_id, day, type, at)
     select $1, unnest($2::text[]), unnest($3::text[]), unnest($4::date[]), unnest($5::text[]),
       unnest($6::timestamptz[])`,
    [
      environment,
      texts(links.map(({ ticketId }) => ticketId)),
      texts(links.map(({ fact }) => fact.id)),
      days(links.map(({ fact }) => fact.time)),
      texts(links.map(({ fact }) => typeOf(fact))),
      times(links.map(({ fact }) => fact.time)),
    ],
  )
  if (rowCount !== links.length) throw new Error(`Linked ${rowCount} of ${links.length} tickets to their facts.`)
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
