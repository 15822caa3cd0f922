/**
 * The one door into the index. Webhook, queues, reconciler: all end here. One transaction stores what is new, moves the
 * tickets it names on from where they stood or rebuilds them from their own histories, and tells listeners what changed.
 */
import { type Db, inTransaction, type Transaction } from '#lib/db/pool.ts'
import type { TicketFact } from '#lib/flexmatch/events.ts'
import { followsOn } from '#lib/flexmatch/follows-on.ts'
import { projectFurther } from '#lib/flexmatch/project-further.ts'
import { isOpen } from '#lib/flexmatch/status.ts'
import { type NotedDelivery, noteDeliveries } from '#lib/integrity/channel-minutes.ts'
import { type Arrival, matchIdOf, sessionArnOf, ticketIdsOf } from './arrival.ts'
import { saveCounters } from './counters.ts'
import { describeSoon, describeUnplaced } from './describe-due.ts'
import { lockEnvironment } from './environment-lock.ts'
import { readHistories } from './fact-rows.ts'
import { readTicketsWithGaps, saveGaps } from './gaps.ts'
import { notedArrivals } from './late-events.ts'
import { rebuildMatches } from './match-rows.ts'
import { tellListeners } from './notify.ts'
import { projectAnew } from './project-anew.ts'
import { saveRollups } from './rollups.ts'
import { rebuildSessions } from './session-rows.ts'
import { type StoredNews, storeArrivals } from './store-facts.ts'
import { type KnownTicket, lockTickets, newestSourceOf, type ProjectedTicket, saveTickets } from './ticket-rows.ts'

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
    const news = await storeArrivals(tx, environment, arrivals, now)
    const wasNew = news.outcomes.map((outcome) => outcome === 'added')
    const result: IngestResult = {
      received: arrivals.length,
      added: wasNew.filter(Boolean).length,
      wasNew,
      ticketIds: [],
      matchIds: [],
      gameSessionArns: [],
    }
    const fresh = byTicket(news.facts)
    const moved = new Set(news.moved.flatMap(ticketIdsOf))
    result.ticketIds = [...new Set([...fresh.keys(), ...moved])]
    const known = await lockTickets(tx, environment, result.ticketIds)
    await noteDeliveries(tx, environment, [...notedArrivals(arrivals, news.outcomes, known, now), ...untaken])
    if (result.ticketIds.length > 0 || news.placements.length > 0) {
      await projectAll(tx, environment, { news, fresh, moved, known, now }, result)
    }
    await noteProgress(tx, environment, news.facts, now)
    return result
  })
}

interface Work {
  news: StoredNews
  fresh: ReadonlyMap<string, readonly TicketFact[]>
  moved: ReadonlySet<string>
  known: ReadonlyMap<string, KnownTicket>
  now: number
}

async function projectAll(tx: Transaction, environment: string, work: Work, result: IngestResult): Promise<void> {
  const { news, fresh, known, now } = work
  const further = new Map<string, ProjectedTicket>()
  for (const [ticketId, facts] of fresh) {
    const next = work.moved.has(ticketId) ? null : goOn(ticketId, known.get(ticketId), facts)
    if (next) further.set(ticketId, next)
  }
  const histories = await readHistories(
    tx,
    environment,
    result.ticketIds.filter((ticketId) => !further.has(ticketId)),
  )
  const projected = [...further.values()]
  for (const [ticketId, facts] of histories) projected.push(projectAnew(ticketId, facts))
  const newTickets = await saveTickets(tx, environment, projected, known, now)
  await describeSoon(tx, environment, newTickets, now)
  const unplaced = news.placements.filter(({ type }) => type !== 'PlacementFulfilled')
  await describeUnplaced(tx, environment, distinct(unplaced.map(({ placementId }) => placementId)), now)
  const after = projected.map(({ ticket }) => ticket)
  await saveCounters(tx, environment, after, known)
  const moves = after.map((ticket) => ({ before: known.get(ticket.ticketId)?.ticket ?? null, after: ticket }))
  await saveRollups(tx, environment, moves)
  const touched = [...news.facts, ...news.moved]
  const rebuilt = await rebuildMatches(tx, environment, matchesToRebuild(work, touched, further, histories))
  result.matchIds = rebuilt.matchIds
  result.gameSessionArns = await rebuildSessions(tx, environment, distinct(touched.map(sessionArnOf)))
  await lookForGaps(tx, environment, work, histories, rebuilt.missingAnswers, result.ticketIds)
  // A session's page shows its backfill tickets, of which most facts do not name the session.
  const filling = projected.filter(({ ticket }) => ticket.kind !== 'new').map(({ ticket }) => ticket.gameSessionArn)
  const gameSessionArns = distinct([...result.gameSessionArns, ...filling])
  await tellListeners(tx, environment, { ...result, gameSessionArns })
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
  return next && { ...next, firstFactAt: known.firstFactAt, newestSource: newestSourceOf(facts) }
}

function leavesMatch(fact: TicketFact): boolean {
  if (fact.source !== 'event') return false
  return fact.detail.type === 'MatchmakingSearching' || fact.detail.type === 'MatchmakingTimedOut'
}

/** Every match its tickets have been in: where a ticket goes next tells how the match before ended. */
function matchesToRebuild(
  { news, known }: Work,
  touched: readonly TicketFact[],
  further: ReadonlyMap<string, ProjectedTicket>,
  histories: ReadonlyMap<string, readonly TicketFact[]>,
): string[] {
  const left = [...further].flatMap(([ticketId, { ticket }]) => [
    known.get(ticketId)?.ticket.matchId ?? null,
    known.get(ticketId)?.ticket.proposal?.matchId ?? null,
    ticket.matchId,
  ])
  return distinct([
    ...touched.map(matchIdOf),
    ...left,
    ...[...histories.values()].flatMap((facts) => facts.map(matchIdOf)),
    ...news.placements.map(({ placementId }) => placementId),
  ])
}

/** Whole histories are looked through where the news are not the expected next steps, and where something was missing. */
async function lookForGaps(
  tx: Transaction,
  environment: string,
  { fresh, known, now }: Work,
  histories: ReadonlyMap<string, TicketFact[]>,
  missingAnswers: readonly string[],
  ticketIds: readonly string[],
): Promise<void> {
  const doubtful = new Set([...missingAnswers, ...(await readTicketsWithGaps(tx, environment, ticketIds))])
  for (const [ticketId, facts] of fresh) {
    if (!followsOn(ticketId, known.get(ticketId)?.ticket ?? null, facts)) doubtful.add(ticketId)
  }
  const unread = [...doubtful].filter((ticketId) => !histories.has(ticketId))
  const read = unread.length > 0 ? await readHistories(tx, environment, unread) : new Map<string, TicketFact[]>()
  const looked = new Map([...histories, ...read].filter(([, facts]) => facts.length > 0))
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

async function noteProgress(tx: Transaction, environment: string, facts: readonly TicketFact[], now: number) {
  const times = facts.filter((fact) => fact.source === 'event').map((fact) => fact.time)
  if (times.length === 0) return
  const newest = times.reduce((a, b) => Math.max(a, b))
  await tx.query(
    `insert into ingest_progress (environment, last_event_at, last_received_at) values ($1, $2, $3)
     on conflict (environment) do update set
       last_event_at = greatest(ingest_progress.last_event_at, excluded.last_event_at),
       last_received_at = greatest(ingest_progress.last_received_at, excluded.last_received_at)`,
    [environment, new Date(Math.min(newest, now)), new Date(now)],
  )
}

function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))]
}
