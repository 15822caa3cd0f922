import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { START } from '#lib/flexmatch/testing/builders.ts'
import { streamed } from '#lib/web/download.ts'
import { type ExportedTicket, ticketsAsCsv, ticketsAsJson } from './export-tickets.ts'
import { listTickets } from './list-tickets.ts'
import { seedTickets } from './testing/seed-tickets.ts'
import type { TicketFilter } from './views.ts'

const database = testDatabase()
const ROWS = 100_001
const NOW = START + ROWS * 1000
const ALL: TicketFilter = {
  ...{ tab: 'all', configuration: null, kind: null, playerId: null, ticketId: null, minAgeSeconds: null },
  ...{ presumed: false, order: 'newest', cursor: null },
}

beforeAll(() => seedTickets(database.db, 'big', ROWS))

async function textOf(pieces: AsyncGenerator<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}
interface Exported {
  environment: string
  filter: object
  exportedAt: string
  tickets: ExportedTicket[]
  more: boolean
}
const asJson = async (change: Partial<TicketFilter> = {}, most?: number) =>
  JSON.parse(
    await textOf(
      ticketsAsJson(database.db, {
        environment: 'big',
        filter: { ...ALL, ...change },
        now: NOW,
        ...(most ? { most } : {}),
      }),
    ),
  ) as Exported

describe('an export', () => {
  it.each<[Partial<TicketFilter>]>([
    [{ configuration: 'config-4' }],
    [{ tab: 'open' }],
    [{ tab: 'TIMED_OUT', configuration: 'config-3', order: 'oldest' }],
    [{ kind: 'backfill', minAgeSeconds: 3_600 }],
    [{ ticketId: 't-00012' }],
    [{ playerId: 'player-77' }],
    [{ ticketId: 'nobody' }],
  ])('holds every ticket of the list once and in its order: %j', async (change) => {
    const listed: string[] = []
    let cursor: string | null = null
    do {
      const page = await listTickets(database.db, 'big', { ...ALL, ...change, cursor }, NOW)
      listed.push(...page.rows.map(({ ticketId }) => ticketId))
      cursor = page.nextCursor
    } while (cursor !== null)
    const { tickets, more, filter, environment } = await asJson(change)
    expect(tickets.map(({ ticketId }) => ticketId)).toEqual(listed)
    expect([more, environment]).toEqual([false, 'big'])
    expect(filter).toMatchObject(change)
  })

  it('names players the same throughout a file, otherwise in the next, and never by their ids', async () => {
    const [one, other] = [await asJson({ ticketId: 't-000' }), await asJson({ ticketId: 't-000' })]
    expect(one.tickets.flatMap(({ players }) => players).filter((name) => name.length !== 19)).toEqual([])
    expect(one.tickets[0]?.players[0]).toMatch(/^player-[0-9a-f]{12}$/)
    expect(one.tickets[0]?.players).not.toEqual(other.tickets[0]?.players)
    await database.db.query(
      `insert into ticket_players select 'big', 't-0000002', 1, player_id, started_at from ticket_players
       where environment = 'big' and ticket_id = 't-0000001'`,
    )
    const again = await asJson({ ticketId: 't-000000' })
    expect(again.tickets[1]?.players).toHaveLength(2)
    expect(again.tickets[1]?.players).toContain(again.tickets[0]?.players[0])
  })

  it('says that the list goes on where it is cut, and nothing where it is not', async () => {
    const cut = await asJson({}, 700)
    expect([cut.tickets.length, cut.more]).toEqual([700, true])
    const { tickets, more } = await asJson({ ticketId: 't-00000' }, 99)
    expect([tickets.length, more]).toEqual([99, false])
    const what = { environment: 'big', filter: ALL, now: NOW, most: 700 }
    const lines = (await textOf(ticketsAsCsv(database.db, what))).split('\r\n')
    expect(lines).toHaveLength(1 + 700 + 1 + 1)
    expect(lines.at(-2)).toBe('"The list goes on: these are its first 700 tickets."')
  })

  it('is CSV of one line a ticket, every cell quoted', async () => {
    const text = await textOf(
      ticketsAsCsv(database.db, { environment: 'big', filter: { ...ALL, ticketId: 't-0000' }, now: NOW }),
    )
    const [names, first, ...rest] = text.split('\r\n')
    expect(names).toBe(
      '"ticketId","status","cause","kind","configuration","players","matchId","startedAt","endedAt","updatedAt","presumed"',
    )
    expect(first).toMatch(
      /^"t-0000001","COMPLETED","started","new","config-1","player-[0-9a-f]{12}","","2\d{3}-[^"]+Z",/,
    )
    expect(rest).toHaveLength(999)
  })

  it('of a hundred thousand takes no more memory than it has in hand, and leaves others their turn', async () => {
    globalThis.gc?.()
    const before = process.memoryUsage().rss
    let longest = 0
    let last = performance.now()
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last - 5)
      last = performance.now()
    }, 5)
    const began = performance.now()
    const pieces = ticketsAsCsv(database.db, { environment: 'big', filter: ALL, now: NOW })
    let lines = 0
    let grown = 0
    for await (const bytes of streamed(pieces, new AbortController().signal)) {
      for (const byte of bytes) if (byte === 10) lines++
      grown = Math.max(grown, process.memoryUsage().rss - before)
    }
    clearInterval(beat)
    const seconds = (performance.now() - began) / 1000
    console.info(
      `${Math.round(lines / seconds)} rows/s, RSS +${Math.round(grown / 1e6)} MB, longest turn ${Math.round(longest)} ms`,
    )
    expect(lines).toBe(1 + 100_000 + 1)
    expect(grown).toBeLessThan(150_000_000)
    expect(longest).toBeLessThan(200)
  }, 60_000)

  it('that nobody reads on is not made', async () => {
    let made = 0
    async function* endless() {
      for (;;) yield `${++made}\n`
    }
    const leave = new AbortController()
    const reader = streamed(endless(), leave.signal).getReader()
    await reader.read()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(made).toBe(1)
    leave.abort()
    expect((await reader.read()).done).toBe(true)
  })
})
