/**
 * The one door into the index. Webhook, queues, reconciler: all end here. One transaction stores what is new, rebuilds
 * the tickets it names from their own histories, and tells listeners what changed.
 */
import { type Db, inTransaction, type Transaction } from '#lib/db/pool.ts'
import type { TicketFact } from '#lib/flexmatch/events.ts'
import { projectTicket } from '#lib/flexmatch/project-ticket.ts'
import { type Arrival, matchIdOf, sessionArnOf, ticketIdsOf } from './arrival.ts'
import { describeSoon } from './describe-due.ts'
import { lockEnvironment } from './environment-lock.ts'
import { insertFacts, insertPlacements, readHistories } from './fact-rows.ts'
import { rebuildMatches } from './match-rows.ts'
import { tellListeners } from './notify.ts'
import { rebuildSessions } from './session-rows.ts'
import { saveTickets } from './ticket-rows.ts'

export interface IngestResult {
  received: number
  /** How many of them were not known yet, and which. */
  added: number
  addedIds: string[]
  /** Tickets, matches and sessions that were rebuilt. */
  ticketIds: string[]
  matchIds: string[]
  gameSessionArns: string[]
}

/**
 * Stores what arrived; resolves once it is committed. Any order, number or path of deliveries leaves the same index.
 * Throws what the database throws, and then nothing of the batch is stored. `now` is epoch ms.
 */
export async function ingest(
  db: Db,
  environment: string,
  arrivals: readonly Arrival[],
  now = Date.now(),
): Promise<IngestResult> {
  return inTransaction(db, async (tx) => {
    await lockEnvironment(tx, environment)
    const facts = await insertFacts(tx, environment, arrivals.filter(aboutTickets), now)
    const placements = await insertPlacements(tx, environment, arrivals.filter(aboutPlacements), now)
    const addedIds = [...facts, ...placements].map(({ id }) => id)
    const result: IngestResult = {
      received: arrivals.length,
      added: addedIds.length,
      addedIds,
      ticketIds: [],
      matchIds: [],
      gameSessionArns: [],
    }
    if (addedIds.length > 0) {
      result.ticketIds = [...new Set(facts.flatMap(ticketIdsOf))]
      const histories = await readHistories(tx, environment, result.ticketIds)
      const projected = [...histories].map(([ticketId, history]) => projectTicket(ticketId, history))
      const newTickets = await saveTickets(tx, environment, projected, histories, now)
      await describeSoon(tx, environment, newTickets, now)
      result.matchIds = await rebuildMatches(
        tx,
        environment,
        matchesToRebuild(
          histories,
          placements.map(({ placementId }) => placementId),
        ),
      )
      result.gameSessionArns = await rebuildSessions(tx, environment, distinct(facts.map(sessionArnOf)))
      // A session's page shows its backfill tickets, of which most facts do not name the session.
      const filling = projected.filter(({ kind }) => kind !== 'new').map(({ gameSessionArn }) => gameSessionArn)
      const gameSessionArns = distinct([...result.gameSessionArns, ...filling])
      await tellListeners(tx, environment, { ...result, gameSessionArns })
    }
    await noteProgress(tx, environment, facts, now)
    return result
  })
}

/** Every match its tickets have been in: where a ticket goes next tells how the match before ended. */
function matchesToRebuild(histories: ReadonlyMap<string, TicketFact[]>, placementIds: readonly string[]): string[] {
  return distinct([...[...histories.values()].flat().map(matchIdOf), ...placementIds])
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

function aboutTickets(arrival: Arrival): arrival is Exclude<Arrival, { kind: 'placement' }> {
  return arrival.kind !== 'placement'
}
function aboutPlacements(arrival: Arrival): arrival is Extract<Arrival, { kind: 'placement' }> {
  return arrival.kind === 'placement'
}
function distinct(values: (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))]
}
