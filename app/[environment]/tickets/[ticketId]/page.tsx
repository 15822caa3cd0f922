import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { FirstView } from '#components/live/first-view.tsx'
import { queries } from '#components/live/queries.ts'
import { TicketPage } from '#components/tickets/ticket-page.tsx'
import { guardedPage, idInAddress } from '#lib/access/guard.ts'
import { findTicket } from '#lib/tickets/get-ticket.ts'

interface TicketPageProps {
  params: Promise<{ environment: string; ticketId: string }>
}

export async function generateMetadata({ params }: TicketPageProps): Promise<Metadata> {
  const { environment, ticketId } = await params
  return { title: `Ticket ${idInAddress(ticketId)} · ${environment}` }
}

export default async function TicketRoute({ params }: TicketPageProps) {
  const given = await params
  const { runtime, environment } = await guardedPage('ticket.view', given.environment)
  const ticketId = idInAddress(given.ticketId)
  const ticket = await findTicket(runtime.db, environment.name, ticketId, runtime.lookUpOf(environment))
  if (ticket === null) notFound()
  return (
    <FirstView answers={[{ query: queries.ticket(environment.name, ticketId), read: async () => ticket }]}>
      <TicketPage ticketId={ticketId} />
    </FirstView>
  )
}
