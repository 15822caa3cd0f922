/** The index anew from the facts: all that is projected can be dropped, and this makes it again. */
import { type Db, inTransaction, type Transaction } from '#lib/db/pool.ts'
import { saveCounters } from './counters.ts'
import { lockEnvironment } from './environment-lock.ts'
import { ANY_DAY, readHistories, readMatchFacts } from './fact-rows.ts'
import { saveGaps } from './gaps.ts'
import { projectMatches, rebuildMatches } from './match-rows.ts'
import { tellListeners } from './notify.ts'
import { projectAnew } from './project-anew.ts'
import { saveRollups } from './rollups.ts'
import { rebuildSessions } from './session-rows.ts'
import { lockTickets, saveTickets } from './ticket-rows.ts'

/** Few enough that events that come meanwhile wait for less than their senders do. */
const PAGE = 1_000

/**
 * Page by page, each in a transaction of its own: events go on coming in between. What is kept beside the projection,
 * such as open requests, stays where a ticket's row is still there. Returns how many tickets there are.
 */
export async function rebuildIndex(db: Db, environment: string, now = Date.now()): Promise<number> {
  const tickets = await eachPage(db, environment, TICKET_IDS, async (tx, ticketIds) => {
    const known = await lockTickets(tx, environment, ticketIds)
    const histories = await readHistories(tx, environment, ticketIds)
    const projected = [...histories].map(([ticketId, facts]) => projectAnew(ticketId, facts))
    await saveTickets(tx, environment, projected, known, now)
    const after = projected.map(({ ticket }) => ticket)
    await saveCounters(tx, environment, after, known)
    const moves = after.map((ticket) => ({ before: known.get(ticket.ticketId)?.ticket ?? null, after: ticket }))
    await saveRollups(tx, environment, moves)
    await saveGaps(tx, environment, histories, now)
    await tellListeners(tx, environment, { ticketIds })
  })
  await eachPage(db, environment, MATCH_IDS, async (tx, matchIds) =>
    rebuildMatches(tx, environment, await projectMatches(await readMatchFacts(tx, environment, matchIds, ANY_DAY))),
  )
  await eachPage(db, environment, SESSION_ARNS, (tx, arns) => rebuildSessions(tx, environment, arns))
  return tickets
}

const TICKET_IDS = `select distinct ticket_id as id from fact_tickets where environment = $1 and ticket_id > $2
  order by ticket_id limit ${PAGE}`
const MATCH_IDS = `select distinct match_id as id from facts where environment = $1 and match_id > $2
  order by match_id limit ${PAGE}`
const SESSION_ARNS = `select distinct game_session_arn as id from facts where environment = $1 and game_session_arn > $2
  order by game_session_arn limit ${PAGE}`

async function eachPage(
  db: Db,
  environment: string,
  ids: string,
  rebuild: (tx: Transaction, ids: string[]) => Promise<unknown>,
): Promise<number> {
  let count = 0
  for (let after = ''; ; ) {
    const page = await inTransaction(db, async (tx) => {
      await lockEnvironment(tx, environment)
      const { rows } = await tx.query<{ id: string }>(ids, [environment, after])
      const found = rows.map(({ id }) => id)
      if (found.length > 0) await rebuild(tx, found)
      return found
    })
    count += page.length
    if (page.length < PAGE) return count
    after = page.at(-1) ?? after
  }
}
