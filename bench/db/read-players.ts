/** D4: a player by id and by the beginning of the id, asked so often that a plan made once for all would show. */
import type { Db } from '#lib/db/pool.ts'
import { listTickets } from '#lib/tickets/list-tickets.ts'
import { playersThatBegin } from '#lib/tickets/players-that-begin.ts'
import { search } from '#lib/tickets/search.ts'
import { planOf } from '#lib/tickets/testing/plans.ts'
import type { TicketFilter } from '#lib/tickets/views.ts'
import { figure } from '../rows.ts'
import { GOAL_ROWS, type Read } from './read.ts'
import { SEEDED } from './seed-index.ts'
import { msOf, timesOf } from './times.ts'

const PLAYERS = 400
const REPEATS = 20
const INDEX = 'ticket_players_player'
/** A page of tickets, each with its players. */
const MOST_ROWS_READ = 250

export async function measurePlayers({ bench, db, rows, now }: Read): Promise<void> {
  const players = await somePlayers(db, PLAYERS)
  const asked = {
    'search by player id': (id: string) => search(db, SEEDED, id, { players: true }),
    'tickets of a player': (id: string) => listTickets(db, SEEDED, ofPlayer(id), now),
    'players by prefix': (id: string) => playersThatBegin(db, SEEDED, id.slice(0, 4)),
  }
  for (const [what, ask] of Object.entries(asked)) {
    const ms: number[] = []
    for (let repeat = 0; repeat < REPEATS; repeat++) for (const id of players) ms.push(await msOf(() => ask(id)))
    const { p50Ms, p99Ms } = timesOf(ms)
    bench.report({
      ...{ id: 'D4', what: `${what}, ${rows.toLocaleString('en-US')}`, cpuMs: null, perCpuSecond: null, value: p99Ms },
      ...{
        unit: 'ms p99',
        anchor: 'nothing (absolute)',
        base: 20,
        moon: 5,
        better: 'lower',
        smaller: rows < GOAL_ROWS,
      },
      note: `p50 ${figure(p50Ms)} ms; ${await planned(db, players, what)}`,
    })
  }

  async function planned(of: Db, ids: readonly string[], what: string): Promise<string> {
    const id = ids[0] ?? ''
    const plan = await planOf(of, async (explaining) => {
      if (what.startsWith('search')) await search(explaining, SEEDED, id, { players: true })
      else if (what.startsWith('tickets')) await listTickets(explaining, SEEDED, ofPlayer(id), now)
      else await playersThatBegin(explaining, SEEDED, id.slice(0, 4))
    })
    if (!plan.indexes.includes(INDEX) || plan.scans.includes('Seq Scan') || plan.rowsRead > MOST_ROWS_READ) {
      throw new Error(`${what}: read ${plan.rowsRead} rows by ${plan.indexes.join(', ')}, not a few by ${INDEX}.`)
    }
    return `plan: ${INDEX}, ${plan.rowsRead} rows read`
  }
}

/** Of those that play most and those that played once. */
export async function somePlayers(db: Db, count: number): Promise<string[]> {
  const { rows } = await db.query<{ player_id: string }>(
    `select player_id from ticket_players where environment = $1 and ticket_id in (
       select ticket_id from tickets where environment = $1 order by ticket_id limit 5000)
     group by player_id order by md5(player_id) limit $2`,
    [SEEDED, count],
  )
  return rows.map((row) => row.player_id)
}

function ofPlayer(playerId: string): TicketFilter {
  return {
    ...{ tab: 'all', configuration: null, kind: null, playerId, ticketId: null, minAgeSeconds: null },
    ...{ presumed: false, order: 'newest', cursor: null },
  }
}
