/**
 * What operators asked for and nothing has confirmed yet. Kept beside the projection, never in it: an accepted command
 * is not an outcome.
 */
import { type Db, inTransaction } from '#lib/db/pool.ts'
import { isOpen } from '#lib/flexmatch/status.ts'
import type { Ticket, TicketPlayer } from '#lib/flexmatch/ticket.ts'
import { tellListeners } from './notify.ts'
import type { RequestedView } from './views.ts'

export interface StoredRequest {
  action: RequestedView['action']
  /** ISO 8601. */
  at: string
  by: string
  auditId: string
  /** The players an answer is for; null when the request is for the whole ticket. */
  playerIds: string[] | null
}

interface Before {
  status: Ticket['status']
  match_id: string | null
}

/** The requests that still wait after the ticket moved from `before` to `ticket`. */
export function openRequestsAfter(requests: readonly StoredRequest[], before: Before, ticket: Ticket): StoredRequest[] {
  if (!isOpen(ticket.status)) return []
  return requests.flatMap((request) => {
    if (request.playerIds === null) {
      // The events may trail: only a move that happened after the request tells that it came to nothing.
      const overtaken = ticket.status !== before.status && ticket.updatedAt > Date.parse(request.at)
      return overtaken ? [] : [request]
    }
    if (ticket.status !== 'REQUIRES_ACCEPTANCE' || ticket.matchId !== before.match_id) return []
    const playerIds = request.playerIds.filter((playerId) => !hasAnswered(ticket.players, playerId))
    return playerIds.length === 0 ? [] : [{ ...request, playerIds }]
  })
}

function hasAnswered(players: readonly TicketPlayer[], playerId: string): boolean {
  return players.some((player) => player.playerId === playerId && player.answer !== null)
}

/**
 * Shows a ticket's row as requested until a fact confirms or overtakes it. Call it once the matchmaker has accepted
 * the command. Returns false when there is nothing to show: the index has already heard the outcome, or knows no such
 * ticket.
 */
export async function markRequested(
  db: Db,
  environment: string,
  ticketId: string,
  request: { action: RequestedView['action']; at: number; by: string; auditId: string; playerIds?: readonly string[] },
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.query<{
      status: Ticket['status']
      players: TicketPlayer[]
      updated_at: Date
      requests: StoredRequest[]
    }>(
      `select status, players, updated_at, requests from tickets
       where environment = $1 and ticket_id = $2 for update`,
      [environment, ticketId],
    )
    const row = rows[0]
    if (!row || !isOpen(row.status)) return false
    const playerIds = request.playerIds?.filter((playerId) => !hasAnswered(row.players, playerId)) ?? null
    if (playerIds && (playerIds.length === 0 || row.status !== 'REQUIRES_ACCEPTANCE')) return false
    const added: StoredRequest = {
      action: request.action,
      at: new Date(request.at).toISOString(),
      by: request.by,
      auditId: request.auditId,
      playerIds,
    }
    // The newest word counts: a second cancel, or another answer for the same player, takes the place of the first.
    const kept = row.requests.flatMap((other) => {
      if (playerIds === null) return other.playerIds === null ? [] : [other]
      if (other.playerIds === null) return [other]
      const rest = other.playerIds.filter((playerId) => !playerIds.includes(playerId))
      return rest.length === 0 ? [] : [{ ...other, playerIds: rest }]
    })
    await tx.query('update tickets set requests = $3 where environment = $1 and ticket_id = $2', [
      environment,
      ticketId,
      JSON.stringify([...kept, added]),
    ])
    await tellListeners(tx, environment, { ticketIds: [ticketId] })
    return true
  })
}

/** A request this old whose effect a later describe did not show has come to nothing. */
const EFFECT_SHOWS_WITHIN_MS = 10_000

interface RequestRow {
  requests: StoredRequest[]
  confirmed_at: Date
  confirmed_source: 'event' | 'describe'
}

/** What the row shows: a request for the whole ticket first, else the newest answer; null when nothing waits. */
export function requestedOf(row: RequestRow): RequestedView | null {
  const waiting = waitingOf(row)
  const request = waiting.findLast((each) => each.playerIds === null) ?? waiting.at(-1)
  return request ? viewOf(request) : null
}

/** What a player's line shows. */
export function requestedOfPlayer(row: RequestRow, playerId: string): RequestedView | null {
  const request = waitingOf(row).findLast((each) => each.playerIds?.includes(playerId))
  return request ? viewOf(request) : null
}

function waitingOf(row: RequestRow): StoredRequest[] {
  if (row.confirmed_source !== 'describe') return row.requests
  return row.requests.filter((each) => row.confirmed_at.getTime() < Date.parse(each.at) + EFFECT_SHOWS_WITHIN_MS)
}

function viewOf({ action, at, by }: StoredRequest): RequestedView {
  return { action, at, by }
}
