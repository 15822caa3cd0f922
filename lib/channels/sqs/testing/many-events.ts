/** Events as messages hold them, each of a ticket of its own, and what became of them. */
import type { Db } from '#lib/db/pool.ts'
import { anEvent, aTicket, envelopeOf } from '#lib/flexmatch/testing/builders.ts'

/** `<name>-0`, `<name>-1`, … each begins to search. */
export function bodiesOf(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const tickets = [aTicket(`${name}-${n}`, [`player-${name}-${n}`])]
    return JSON.stringify(envelopeOf(anEvent('MatchmakingSearching', { time: n, id: `e-${name}-${n}`, tickets })))
  })
}

export async function numberOfFacts(db: Db, environment: string): Promise<number> {
  const { rows } = await db.query<{ n: number }>('select count(*) as n from facts where environment = $1', [
    environment,
  ])
  return rows[0]?.n ?? 0
}

export async function openTickets(db: Db, environment: string): Promise<string[]> {
  const { rows } = await db.query<{ ticket_id: string }>(
    `select ticket_id from tickets where environment = $1 and status = 'SEARCHING' order by ticket_id`,
    [environment],
  )
  return rows.map(({ ticket_id }) => ticket_id)
}
