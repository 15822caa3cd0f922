import type { TicketFact } from '#lib/flexmatch/events.ts'
import { projectWhole } from '#lib/flexmatch/project-further.ts'
import { lastHeardOf, type ProjectedTicket } from './ticket-rows.ts'

/** The ticket by all that is stored of it. */
export function projectAnew(ticketId: string, facts: readonly TicketFact[]): ProjectedTicket {
  const firstFactAt = facts.reduce((first, { time }) => Math.min(first, time), Number.POSITIVE_INFINITY)
  return { ...projectWhole(ticketId, facts), firstFactAt, heard: lastHeardOf(facts) }
}
