import type { LiveChange } from '#lib/live/change.ts'
import type { MatchView, SessionView, TicketView } from '#lib/tickets/views.ts'

type Changed = string[] | 'many'
const some = (changed: Changed) => changed === 'many' || changed.length > 0
const has = (changed: Changed, id: string | null | undefined) =>
  changed === 'many' || (id !== null && id !== undefined && changed.includes(id))

/**
 * Whether a change may alter the answer to a question that was asked before (`key` as in `queries`, `data` its last
 * answer). When in doubt, yes: a hint too many costs one read, a hint too few shows what is no longer true.
 */
export function isAffected(key: readonly unknown[], data: unknown, change: LiveChange): boolean {
  const [topic, environment, id] = key as [unknown, unknown, string]
  if (topic === 'demo') return change.demo
  if (topic === 'environments' || topic === 'switches') return change.environments
  if (environment !== change.environment) return false
  const { tickets, matches, sessions } = change
  switch (topic) {
    case 'overview':
    case 'health':
    case 'counts':
    case 'tickets':
    case 'bulk': // each result is told as a change of its ticket
      return some(tickets)
    case 'ticket': {
      const ticket = data as TicketView | undefined
      return (
        has(tickets, id) ||
        has(matches, ticket?.matchId) ||
        !!ticket?.matchTickets.some((other) => has(tickets, other.ticketId))
      )
    }
    case 'find':
      return has(tickets, id) || has(matches, id) || has(sessions, id)
    case 'matches':
      return some(matches) || tickets === 'many'
    case 'match': {
      const match = data as MatchView | undefined
      return has(matches, id) || !!match?.tickets.some((ticket) => has(tickets, ticket.ticketId))
    }
    case 'sessions':
      return some(sessions) || tickets === 'many'
    case 'session': {
      const session = data as SessionView | undefined
      return (
        has(sessions, id) ||
        has(matches, session?.matchId) ||
        has(tickets, session?.live?.autoBackfillTicketId) ||
        !!session?.backfillTickets.some((ticket) => has(tickets, ticket.ticketId))
      )
    }
    default:
      // Configurations and rule sets are read from GameLift; nothing tells us when they change. Rates go by the clock.
      return false
  }
}
