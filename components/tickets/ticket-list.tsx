'use client'

import { SelectionProvider } from '#components/bulk/selection.tsx'
import { PageHeader } from '#components/frame/page-header.tsx'
import type { TicketFilter } from '#lib/tickets/views.ts'
import { ExportTickets } from './export-tickets.tsx'
import { InDoubt } from './in-doubt.tsx'
import { TicketFilters } from './ticket-filters.tsx'
import { TicketTable } from './ticket-table.tsx'
import { TicketTabs } from './ticket-tabs.tsx'

export function TicketList({ filter }: { filter: TicketFilter }) {
  return (
    <>
      <PageHeader
        title="Tickets"
        line="Every matchmaking ticket Matchdesk has heard of, by status."
        actions={<ExportTickets filter={filter} />}
      />
      <div className="rounded-lg border bg-panel">
        <TicketTabs filter={filter} />
        <TicketFilters filter={filter} />
        <InDoubt filter={filter} />
        <SelectionProvider>
          <TicketTable filter={filter} />
        </SelectionProvider>
      </div>
    </>
  )
}
