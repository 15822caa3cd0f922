/** What is asked of the seeded index: every filter the list page offers, in any combination, at any depth. */
import { createHash } from 'node:crypto'
import { INDEXED_STATUSES, TICKET_KINDS } from '#lib/flexmatch/status.ts'
import { writeCursor } from '#lib/tickets/cursor.ts'
import type { TicketFilter, TicketTab } from '#lib/tickets/views.ts'
import { SEEDED_DAYS } from './seed-index.ts'

const DAY_MS = 86_400_000
const TABS: readonly TicketTab[] = ['all', 'open', ...INDEXED_STATUSES]
/** From the one with most of the tickets to the one with fewest, and one that has none. */
const CONFIGURATIONS = ['arena-ranked', 'arena-casual', 'duel', 'sandbox', 'no-such'] as const
const AGES_SECONDS = [60, 3_600, 86_400, 7 * 86_400] as const

/** The same `count` filters for the same `endsAt`, epoch ms: the end of the seeded time. `players` are asked for by id. */
export function listQuestions(count: number, endsAt: number, players: readonly string[]): TicketFilter[] {
  return Array.from({ length: count }, (_, number) => {
    const share = (salt: string) => shareOf(`${number} ${salt}`)
    const one = <T>(salt: string, of: readonly T[]) => of[Math.floor(share(salt) * of.length)] as T
    const often = <T>(salt: string, at: number, value: T) => (share(`${salt}?`) < at ? value : null)
    const tab = one('tab', TABS)
    const playerId = often('player', 0.1, one('player', players))
    const ticketId = playerId === null ? often('ticket', 0.1, hex(`${number}`).slice(0, 1 + (number % 4))) : null
    // What is open began in the last three minutes, the rest in all of the time.
    const within = tab === 'open' || ['QUEUED', 'SEARCHING', 'REQUIRES_ACCEPTANCE', 'PLACING'].includes(tab)
    const minAgeSeconds = often('age', 0.2, one('age', AGES_SECONDS))
    // A place among those that are listed.
    const youngest = endsAt - (minAgeSeconds ?? 0) * 1000
    const time = Math.round(
      youngest - share('depth') * (within ? 180_000 : SEEDED_DAYS * DAY_MS - (minAgeSeconds ?? 0) * 1000),
    )
    const place = ticketId === null ? { time, id: '' } : { time: null, id: ticketId + hex(`${number} id`).slice(0, 8) }
    return {
      tab,
      configuration: often('configuration', 0.5, one('configuration', CONFIGURATIONS)),
      kind: often('kind', 0.3, one('kind', TICKET_KINDS)),
      playerId,
      ticketId,
      minAgeSeconds,
      presumed: share('presumed') < 0.05,
      order: one('order', ['newest', 'oldest'] as const),
      cursor: writeCursor(place),
    }
  })
}

function shareOf(text: string): number {
  return Number.parseInt(hex(text).slice(0, 8), 16) / 2 ** 32
}

function hex(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
