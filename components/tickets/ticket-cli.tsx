'use client'

import { useDesk } from '#components/frame/desk.tsx'
import type { TicketView } from '#lib/tickets/views.ts'
import { CliCommands } from './cli-commands.tsx'
import { ticketCommands } from './ticket-commands.ts'

export function TicketCli({ ticket }: { ticket: TicketView }) {
  return <CliCommands commands={ticketCommands(useDesk().environment, ticket)} />
}
