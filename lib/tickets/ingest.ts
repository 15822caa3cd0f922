/**
 * The one door into the index. Webhook, queues, reconciler: all end here. One transaction stores what is new, moves the
 * tickets it names on from where they stood or rebuilds them from their own histories, and tells listeners what changed.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Db, inTransaction, type Transaction } from '#lib/db/pool.ts'
import type { TicketFact } from '#lib/flexmatch/events.ts'
import { followsOn } from '#lib/flexmatch/follows-on.ts'
import { projectFurther } from '#lib/flexmatch/project-further.ts'
import { isOpen } from '#lib/flexmatch/status.ts'
import { type NotedDelivery, noteDeliveries } from '#lib/integrity/channel-minutes.ts'
import { type Arrival, matchIdOf, ticketIdsOf } from './arrival.ts'
import { saveCounters } from './counters.ts'
import { describeSoon, describeUnplaced } from './describe-due.ts'
import { lockEnvironment } from './environment-lock.ts'
import { daysAround, readHistories, readMatchFacts } from './fact-rows.ts'
import { readTicketsWithGaps, saveGaps } from './gaps.ts'
import { notedArrivals } from './late-events.ts'
import { type ProjectedMatches, projectMatches, rebuildMatches } from './match-rows.ts'
import { tellListeners } from './notify.ts'
import { projectAnew } from './project-anew.ts'
import { saveRollups } from './rollups.ts'
import { saveSessions } from './session-rows.ts'
import { type News, readNews, writeNews } from './store-facts.ts'
import {
  type KnownTicket,
  lastHeardOf,
  lockTickets,
  type ProjectedTicket,
  saveTickets,
  ticketColumns,
} from './ticket-rows.ts'

export interface IngestResult {
  received: number
  /** How many of them were not known yet; of several copies of one event, one. */
  added: number
  /** Whether it was new, for each arrival in their order. */
  wasNew: boolean[]
  /** Tickets, matches and sessions that were rebuilt. */
  ticketIds: string[]
  matchIds: string[]
  gameSessionArns: string[]
}

/**
 * Stores what arrived; resolves once it is committed. Any order, number or path of deliveries leaves the same index.
 * Throws what the database throws, and then nothing of the batch is stored. `now` is epoch ms. `untaken` are deliveries
 * of which nothing is kept but their number.
 */
export async function ingest(
  db: Db,
  environment: string,
  arrivals: readonly Arrival[],
  now = Date.now(),
  untaken: readonly NotedDelivery[] = [],
): Promise<IngestResult> {
  return inTransaction(db, async (tx) => {
    await lockEnvironment(tx, environment)
    const news = await readNews(tx, environment, arrivals, now)
    const wasNew = news.outcomes.map((outcome) => outcome === 'added')
    const fresh = byTicket(news.facts)
    const moved = new Set(news.moved.flatMap(ticketIdsOf))
    const result: IngestResult = {
      received: arrivals.length,
      added: wasNew.filter(Boolean).length,
      wasNew,
      ticketIds: [...new Set([...fresh.keys(), ...moved])],
      matchIds: [],
      gameSessionArns: [],
    }
    const known = await lockTickets(tx, environment, result.ticketIds)
    const work = { news, fresh, moved, known, now }
    // Before the news are written: what is stored and the news together is all there is, and the news are at hand.
    const projection = await project(tx, environment, work)
    // While the database stores them, what follows from them is worked out.
    const [ready] = await bothDone(workOut(work, projection), writeNews(tx, environment, news, now))
    await noteDeliveries(tx, environment, [...notedArrivals(arrivals, news.outcomes, known, now), ...untaken])
    if (result.ticketIds.length > 0 || news.placements.length > 0) {
      await save(tx, environment, work, projection, ready, result)
    }
    await noteProgress(tx, environment, news.facts, now)
    return result
  })
}

interface Work {
  news: News
  fresh: ReadonlyMap<string, readonly TicketFact[]>
  moved: ReadonlySet<string>
  known: ReadonlyMap<string, KnownTicket>
  now: number
}
interface Projection {
  tickets: ProjectedTicket[]
  /** The whole histories of those tickets that were not gone on from where they stood. */
  histories: ReadonlyMap<string, readonly TicketFact[]>
  /** All facts of every match that the tickets have been in: where a ticket goes next tells how the match before ended. */
  matchFacts: ReadonlyMap<string, readonly TicketFact[]>
}

async function project(tx: Transaction, environment: string, work: Work): Promise<Projection> {
  const { news, moved, known } = work
  const touched = [...news.facts, ...news.moved]
  const matchIds = distinct([
    ...touched.map(matchIdOf),
    ...[...known.values()].flatMap(({ ticket }) => [ticket.matchId, ticket.proposal?.matchId ?? null]),
    ...news.placements.map(({ placementId }) => placementId),
  ])
  const days = daysAround(timesOf(work))
  // The database reads while tickets are gone on from.
  const [stored, { tickets, anew }] = await Promise.all([
    matchIds.length > 0 ? readMatchFacts(tx, environment, matchIds, days) : new Map<string, TicketFact[]>(),
    goOnAll(work),
  ])
  const histories = withNews(await readHistories(tx, environment, [...moved, ...anew]), byTicket(touched))
  for (const [ticketId, facts] of histories) tickets.push(projectAnew(ticketId, facts))
  const before = distinct([...histories.values()].flatMap((facts) => facts.map(matchIdOf)))
  const unread = before.filter((matchId) => !stored.has(matchId))
  const more = unread.length > 0 ? await readMatchFacts(tx, environment, unread, days) : []
  return { tickets, histories, matchFacts: withNews(new Map([...stored, ...more]), byMatch(touched)) }
}

/** Of all that is known of the tickets of these news, and of the news. */
function* timesOf({ news, known }: Work): Generator<number> {
  for (const { at } of news.rows) yield at
  for (const { time } of news.moved) yield time
  for (const { firstFactAt, newestFactAt } of known.values()) {
    yield firstFactAt
    yield newestFactAt
  }
}

/** About a millisecond's work. */
const PER_TURN = 100

async function goOnAll({ fresh, moved, known }: Work): Promise<{ tickets: ProjectedTicket[]; anew: string[] }> {
  const tickets: ProjectedTicket[] = []
  const anew: string[] = []
  let done = 0
  for (const [ticketId, facts] of fresh) {
    // Whoever else the process serves gets a turn now and then.
    if (++done % PER_TURN === 0) await nextTurn()
    if (moved.has(ticketId)) continue
    const next = goOn(ticketId, known.get(ticketId), facts)
    if (next) tickets.push(next)
    else anew.push(ticketId)
  }
  return { tickets, anew }
}

interface Ready {
  columns: Buffer[]
  matches: ProjectedMatches
}

async function workOut({ known, now }: Work, { tickets, matchFacts }: Projection): Promise<Ready> {
  // What is sent leaves the process between turns only: the database gets it before the work begins.
  await nextTurn()
  return { columns: await ticketColumns(tickets, known, now), matches: await projectMatches(matchFacts) }
}

/** Both are at their end also when one of them fails: nobody uses the connection after that. */
async function bothDone<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b])
  return Promise.all([a, b])
}

async function save(
  tx: Transaction,
  environment: string,
  work: Work,
  { tickets, histories }: Projection,
  { columns, matches }: Ready,
  result: IngestResult,
): Promise<void> {
  const { news, known, now } = work
  const newTickets = await saveTickets(tx, environment, tickets, known, now, columns)
  const endedByThese = await describeSoon(tx, environment, newTickets, now)
  const unplaced = news.placements.filter(({ type }) => type !== 'PlacementFulfilled')
  await describeUnplaced(tx, environment, distinct(unplaced.map(({ placementId }) => placementId)), now)
  const after = tickets.map(({ ticket }) => ticket)
  await saveCounters(tx, environment, after, known)
  const moves = after.map((ticket) => ({ before: known.get(ticket.ticketId)?.ticket ?? null, after: ticket }))
  await saveRollups(tx, environment, moves)
  const rebuilt = await rebuildMatches(tx, environment, matches)
  result.matchIds = rebuilt.matchIds
  const touched = [...news.facts, ...news.moved]
  result.gameSessionArns = await saveSessions(tx, environment, touched)
  await lookForGaps(tx, environment, work, histories, rebuilt.missingAnswers, result.ticketIds)
  // A session's page shows its backfill tickets, of which most facts do not name the session.
  const filling = after.filter(({ kind }) => kind !== 'new').map(({ gameSessionArn }) => gameSessionArn)
  const gameSessionArns = distinct([...result.gameSessionArns, ...filling])
  const ticketIds = distinct([...result.ticketIds, ...endedByThese])
  await tellListeners(tx, environment, { ...result, ticketIds, gameSessionArns })
}

/** What is stored, by what it is about, with the news in place of what they say otherwise. */
function withNews(
  stored: ReadonlyMap<string, readonly TicketFact[]>,
  news: ReadonlyMap<string, readonly TicketFact[]>,
): Map<string, TicketFact[]> {
  const all = new Map<string, TicketFact[]>()
  for (const [about, facts] of stored) {
    const fresh = news.get(about) ?? []
    const ids = new Set(fresh.map(({ id }) => id))
    all.set(about, [...facts.filter(({ id }) => !ids.has(id)), ...fresh])
  }
  return all
}

/** The ticket after these facts, where that can be told without its history. */
function goOn(ticketId: string, known: KnownTicket | undefined, facts: readonly TicketFact[]): ProjectedTicket | null {
  // Whatever is stored about a ticket made it a row: without one, this is its whole history.
  if (!known) return projectAnew(ticketId, facts)
  // Where a ticket goes after a match tells how that match ended, and the ones before it: the history knows which. A
  // ticket that was over may have been named by a match since, without taking part in it.
  const { ticket } = known
  if ((ticket.proposal || !isOpen(ticket.status)) && facts.some(leavesMatch)) return null
  const next = projectFurther(known, facts)
  return next && { ...next, firstFactAt: known.firstFactAt, heard: lastHeardOf(facts) }
}

function leavesMatch(fact: TicketFact): boolean {
  if (fact.source !== 'event') return false
  return fact.detail.type === 'MatchmakingSearching' || fact.detail.type === 'MatchmakingTimedOut'
}

/** Whole histories are looked through where the news are not the expected next steps, and where something was missing. */
async function lookForGaps(
  tx: Transaction,
  environment: string,
  { fresh, known, now }: Work,
  histories: ReadonlyMap<string, readonly TicketFact[]>,
  missingAnswers: readonly string[],
  ticketIds: readonly string[],
): Promise<void> {
  const doubtful = new Set([...missingAnswers, ...(await readTicketsWithGaps(tx, environment, ticketIds))])
  for (const [ticketId, facts] of fresh) {
    if (!followsOn(ticketId, known.get(ticketId)?.ticket ?? null, facts)) doubtful.add(ticketId)
  }
  const unread = [...doubtful].filter((ticketId) => !histories.has(ticketId))
  const read = unread.length > 0 ? await readHistories(tx, environment, unread) : new Map<string, TicketFact[]>()
  const looked = new Map<string, readonly TicketFact[]>([...histories, ...read].filter(([, facts]) => facts.length > 0))
  await saveGaps(tx, environment, looked, now)
}

function byTicket(facts: readonly TicketFact[]): Map<string, TicketFact[]> {
  const found = new Map<string, TicketFact[]>()
  for (const fact of facts) {
    for (const ticketId of ticketIdsOf(fact)) {
      const own = found.get(ticketId)
      if (own) own.push(fact)
      else found.set(ticketId, [fact])
    }
  }
  return found
}

function byMatch(facts: readonly TicketFact[]): Map<string, TicketFact[]> {
  const found = new Map<string, TicketFact[]>()
  for (const fact of facts) {
    const matchId = matchIdOf(fact)
    if (matchId === null) continue
    const own = found.get(matchId)
    if (own) own.push(fact)
    else found.set(matchId, [fact])
  }
  return found
}

async function noteProgress(tx: Transaction, environment: string, facts: readonly TicketFact[], now: number) {
  const times = facts.filter((fact) => fact.source === 'event').map((fact) => fact.time)
  if (times.length === 0) return
  const newest = times.reduce((a, b) => Math.max(a, b))
  const { rowCount } = await tx.query(
    `insert into ingest_progress (environment, last_event_at, last_received_at) values ($1, $2, $3)
     on conflict (environment) do update set
       last_event_at = greatest(ingest_progress.last_event_at, excluded.last_event_at),
       last_received_at = greatest(ingest_progress.last_received_at, excluded.last_received_at)`,
    [environment, new Date(Math.min(newest, now)), new Date(now)],
  )
  if (rowCount !== 1) throw new Error(`Noted the progress of ${environment} in ${rowCount} rows.`)
}

function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))]
}
