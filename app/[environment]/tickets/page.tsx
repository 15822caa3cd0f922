import type { Metadata } from 'next'
import { FirstView } from '#components/live/first-view.tsx'
import { queries } from '#components/live/queries.ts'
import { parseTicketFilter } from '#components/tickets/ticket-filter.ts'
import { TicketList } from '#components/tickets/ticket-list.tsx'
import { guardedPage } from '#lib/access/guard.ts'
import { listTickets } from '#lib/tickets/list-tickets.ts'
import { overview } from '#lib/tickets/overview.ts'
import { ticketCounts } from '#lib/tickets/ticket-counts.ts'

interface TicketsPageProps {
  params: Promise<{ environment: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: TicketsPageProps): Promise<Metadata> {
  return { title: `Tickets · ${(await params).environment}` }
}

export default async function TicketsPage({ params, searchParams }: TicketsPageProps) {
  const { runtime, environment, whyNot } = await guardedPage('ticket.view', (await params).environment)
  const { db } = runtime
  const given = await searchParams
  const filter = parseTicketFilter({
    get: (name) => {
      const value = given[name]
      return (Array.isArray(value) ? value[0] : value) ?? null
    },
  })
  const { name } = environment
  // Who may not search by player gets no rows by address either; the GET route then says so.
  const refused = filter.playerId !== null && whyNot['player.search'] !== null
  return (
    <FirstView
      answers={[
        { query: queries.tickets(name, filter), read: async () => (refused ? null : listTickets(db, name, filter)) },
        { query: queries.counts(name, filter), read: () => ticketCounts(db, name, filter) },
        { query: queries.overview(name), read: () => overview(db, name, Date.now(), runtime.healthOf(environment)) },
      ]}
    >
      <TicketList filter={filter} />
    </FirstView>
  )
}
