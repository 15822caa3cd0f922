/** What became of calls that nobody answered: GameLift is asked how the ticket stands, and that decides. */
import type { Db } from '#lib/db/pool.ts'
import { type IndexedStatus, isOpen } from '#lib/flexmatch/status.ts'
import type { TicketPlayer } from '#lib/flexmatch/ticket.ts'
import { type Describer, describeNow } from '#lib/tickets/reconcile.ts'
import { type ClaimedItem, type Settled, settleItem } from './items.ts'
import type { BulkAction } from './views.ts'

/** One describe takes this many. */
const AT_ONCE = 10
/** A call that nobody answered can be under way for this long: only then does "still open" say that it had no effect. */
const UNDER_WAY_MS = 12_000
/** Soon enough for what was taken at once, and late enough for the ticket's own event to have come first. */
const FIRST_LOOK_MS = 1_000
/** An answer shows in an event or nowhere: after this long it is called unknown for good. */
const GIVE_UP_MS = 50_000
/** Who has been asked so often and never answered is not asked again. */
const MOST_TRIES = 3

interface Doubt extends Omit<ClaimedItem, 'doubted'> {
  bulkId: string
  action: BulkAction
  askedMsAgo: number
}
interface Standing {
  status: IndexedStatus
  matchId: string | null
  players: TicketPlayer[]
}

/**
 * Looks at the tickets whose effect is unknown, at most ten, and settles those of which that can be said by now. Returns how
 * many it looked at. Throws what GameLift failed with.
 */
export async function resolveDoubts(db: Db, environment: string, describer: Describer): Promise<number> {
  const { rows: doubts } = await db.query<Doubt>(
    `select i.bulk_id as "bulkId", r.action, i.position, i.ticket_id as "ticketId", i.match_id as "matchId",
       i.player_ids as "playerIds", i.tries, i.audit_id as "auditId",
       extract(epoch from clock_timestamp() - i.asked_at)::float8 * 1000 as "askedMsAgo"
     from bulk_runs r join bulk_items i using (bulk_id)
     where r.environment = $1 and r.state in ('running', 'paused', 'aborted') and i.result = 'unknown'
       and i.asked_at < clock_timestamp() - make_interval(secs => $2)
       and (i.settled_at is null or i.settled_at < clock_timestamp() - interval '2 seconds')
     order by i.settled_at nulls first, i.asked_at limit ${AT_ONCE}`,
    [environment, FIRST_LOOK_MS / 1_000],
  )
  if (doubts.length === 0) return 0
  const ticketIds = doubts.map(({ ticketId }) => ticketId)
  await describeNow(db, environment, describer, ticketIds)
  const standing = await readStanding(db, environment, ticketIds)
  for (const doubt of doubts) {
    const settled = settledByLook(doubt, standing.get(doubt.ticketId))
    if (settled) await settleItem(db, { bulkId: doubt.bulkId, environment }, doubt, settled)
    else await putOff(db, doubt)
  }
  return doubts.length
}

/** Looked at, and nothing can be said yet: the others first, this one again a little later. */
async function putOff(db: Db, { bulkId, position }: Doubt): Promise<void> {
  await db.query(
    `update bulk_items set settled_at = clock_timestamp() where bulk_id = $1 and position = $2 and result = 'unknown'`,
    [bulkId, position],
  )
}

async function readStanding(db: Db, environment: string, ticketIds: string[]): Promise<Map<string, Standing>> {
  const { rows } = await db.query<Standing & { ticketId: string }>(
    `select ticket_id as "ticketId", status, match_id as "matchId", players from tickets
     where environment = $1 and ticket_id = any($2)`,
    [environment, ticketIds],
  )
  return new Map(rows.map((row) => [row.ticketId, row]))
}

/** null while it cannot be told. */
function settledByLook(doubt: Doubt, standing: Standing | undefined): Settled | null {
  if (!standing || standing.status === 'GONE') return seen('gone', 'GameLift did not know the ticket any more.')
  return doubt.action === 'cancel' ? cancelled(doubt, standing) : answered(doubt, standing)
}

function cancelled({ askedMsAgo, tries }: Doubt, { status }: Standing): Settled | null {
  if (status === 'CANCELLED') return seen('done', 'No answer came; the ticket was seen CANCELLED.')
  if (status === 'PLACING') {
    return askedMsAgo < UNDER_WAY_MS ? null : seen('too-late', 'The ticket was seen PLACING.')
  }
  if (!isOpen(status)) return seen('already-finished', `The ticket was seen ${status}.`)
  if (askedMsAgo < UNDER_WAY_MS) return null
  const still = `The ticket was still ${status} ${Math.round(askedMsAgo / 1_000)} s after it was asked to stop.`
  // To stop a ticket again changes nothing that the first stop did not: it is open, so there was no first stop.
  return tries < MOST_TRIES ? seen('waiting', still) : seen('failed', `${still} It was asked ${tries} times.`)
}

function answered({ action, askedMsAgo, matchId, playerIds }: Doubt, standing: Standing): Settled | null {
  const wanted = action === 'accept' ? 'accepted' : 'rejected'
  const players = standing.players.filter(({ playerId }) => playerIds?.includes(playerId))
  const inMatch = standing.matchId === matchId
  if (inMatch && players.length > 0 && players.every(({ answer }) => answer === wanted)) {
    return seen('done', 'No answer came; the event of the answer did.')
  }
  if (askedMsAgo < GIVE_UP_MS) return null
  // Never again: by now the same call could answer another match.
  return seen('failed', 'It is not known whether the answer was taken, and the match has gone on.')
}

function seen(result: Settled['result'], reason: string): Settled {
  const outcome = result === 'done' ? 'done' : result === 'failed' || result === 'waiting' ? 'unknown' : 'refused'
  return { result, reason, outcome: { outcome, code: null, message: reason, data: undefined } }
}
