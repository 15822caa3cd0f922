import type { Queryable } from '#lib/db/pool.ts'
import { orderHistory } from '#lib/flexmatch/project-ticket.ts'
import type { TicketPlayer } from '#lib/flexmatch/ticket.ts'
import { readChannels } from './fact-channels.ts'
import { daysOf, inOrderOf, readPlacements, readStoredHistory } from './fact-rows.ts'
import type { TicketLookUp } from './look-up-ticket.ts'
import { playerView } from './player-view.ts'
import { nameNewer } from './superseded.ts'
import { rowColumns, type TicketRecord, ticketRow } from './ticket-row-view.ts'
import { readAuditedRequests, ticketTimeline } from './ticket-timeline.ts'
import type { TicketRow, TicketView } from './views.ts'

interface WholeRecord extends TicketRecord {
  players: TicketPlayer[]
  status_reason: string | null
  status_message: string | null
  estimated_wait_seconds: number | null
  described: boolean
  game_session_arn: string | null
  ip_address: string | null
  dns_name: string | null
  port: number | null
  first_fact_at: Date | null
  newest_fact_at: Date | null
}

/** A match has at most 200 players, so no more tickets. */
const MAX_MATCH_TICKETS = 200

/** As `getTicket`, but GameLift is asked about an id the index does not know: it may have been started just now. */
export async function findTicket(
  db: Queryable,
  environment: string,
  ticketId: string,
  lookUp: TicketLookUp,
): Promise<TicketView | null> {
  const known = await getTicket(db, environment, ticketId)
  if (known || !(await lookUp(ticketId))) return known
  return getTicket(db, environment, ticketId)
}

/** Everything known of one ticket; null when the index has never heard of it. `now` is epoch ms. */
export async function getTicket(
  db: Queryable,
  environment: string,
  ticketId: string,
  now = Date.now(),
): Promise<TicketView | null> {
  const { rows } = await db.query<WholeRecord>(
    `select ${rowColumns()}, players, status_reason, status_message, estimated_wait_seconds, described,
       game_session_arn, ip_address, dns_name, port, first_fact_at, newest_fact_at
     from tickets where environment = $1 and ticket_id = $2`,
    [environment, ticketId],
  )
  const record = rows[0]
  if (!record) return null
  const days = daysOf(record.first_fact_at, record.newest_fact_at)
  const [[row], stored, requests, matchTickets] = await Promise.all([
    nameNewer(db, environment, [ticketRow(record, now)]),
    readStoredHistory(db, environment, ticketId, days),
    readAuditedRequests(db, environment, ticketId),
    record.match_id === null ? [] : readMatchTickets(db, environment, record.match_id, now),
  ])
  if (!row) return null
  const facts = stored.map(({ fact }) => fact)
  const placements = await readPlacements(db, environment, facts, days)
  const said = [...facts, ...placements].map(({ id, time }) => ({ id, time }))
  const channels = await readChannels(db, environment, said)
  const { supersededBy } = row
  return {
    ...row,
    statusReason: record.status_reason,
    statusMessage: record.status_message,
    estimatedWaitSeconds: record.estimated_wait_seconds,
    described: record.described,
    players: record.players.map((player) => playerView(record, player)),
    connection: record.game_session_arn
      ? {
          gameSessionArn: record.game_session_arn,
          ipAddress: record.ip_address,
          dnsName: record.dns_name,
          port: record.port,
        }
      : null,
    timeline: ticketTimeline(ticketId, { facts, requests, placements, supersededBy, channels }),
    matchTickets: matchTickets.filter((other) => other.ticketId !== ticketId),
    facts: inOrderOf(orderHistory(ticketId, facts), stored),
  }
}

/** The tickets that are in this match now. */
async function readMatchTickets(
  db: Queryable,
  environment: string,
  matchId: string,
  now: number,
): Promise<TicketRow[]> {
  const { rows } = await db.query<TicketRecord>(
    `select ${rowColumns()} from tickets where environment = $1 and match_id = $2
     order by ticket_id limit ${MAX_MATCH_TICKETS}`,
    [environment, matchId],
  )
  return rows.map((row) => ticketRow(row, now))
}
