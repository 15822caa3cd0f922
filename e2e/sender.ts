/** Somebody who sends events to the dashboard under load, and remembers what it said 200 to. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '#lib/db/pool.ts'

/**
 * Sends two events of a ticket nobody else knows, as AWS would, and notes the ticket only if the answer was 200. Resolves
 * with the status of the answer; 0 when none came.
 */
export async function deliver(url: string, secret: string, acknowledged: string[]): Promise<number> {
  const ticketId = `sent-${randomUUID()}`
  const events = [anEvent(ticketId, 'MatchmakingSearching'), anEvent(ticketId, 'MatchmakingTimedOut')]
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-matchdesk-secret': secret },
      body: JSON.stringify(events),
      signal: AbortSignal.timeout(5_000),
    })
    if (response.status === 200) acknowledged.push(ticketId)
    else if (response.status < 500) throw new TypeError(`answered ${response.status}: ${await response.text()}`)
    return response.status
  } catch (error) {
    if (error instanceof TypeError && error.message.startsWith('answered')) throw error
    await sleep(50) // it is down: nothing was promised
    return 0
  }
}

/** Tickets of `deliver` whose two events are not both in the index, or that are not shown as what they say. */
export async function incomplete(db: Db, acknowledged: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ ticket_id: string }>(
    `select asked as ticket_id from unnest($1::text[]) as asked
     where (select count(*) from fact_tickets where environment = 'local' and ticket_id = asked
              and type in ('MatchmakingSearching', 'MatchmakingTimedOut')) <> 2
        or (select status from tickets where environment = 'local' and ticket_id = asked) is distinct from 'TIMED_OUT'`,
    [acknowledged],
  )
  return rows.map((row) => row.ticket_id)
}

function anEvent(ticketId: string, type: 'MatchmakingSearching' | 'MatchmakingTimedOut') {
  const time = new Date().toISOString()
  const players = [{ playerId: `of-${ticketId}` }]
  const reasons =
    type === 'MatchmakingTimedOut'
      ? { reason: 'TimedOut', message: 'Removed from matchmaking due to timing out.' }
      : { estimatedWaitMillis: 'NOT_AVAILABLE' }
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'GameLift Matchmaking Event',
    source: 'aws.gamelift',
    account: '000000000000',
    time,
    region: 'us-east-1',
    resources: ['arn:aws:gamelift:us-east-1:000000000000:matchmakingconfiguration/sent'],
    detail: { type, tickets: [{ ticketId, startTime: time, players }], gameSessionInfo: { players }, ...reasons },
  }
}
