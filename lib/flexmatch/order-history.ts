/**
 * The order in which a ticket's facts happened, from their times and, where times tie, from what can follow what. The
 * bus stamps whole seconds, so a search, a proposal, its answers and the next search can carry one and the same time:
 * no fixed order of event types is right then, only the next legal step from where the ticket stands.
 */
import type { EventFact, MatchmakingDetail, TicketFact } from './events.ts'
import { answersIn } from './standing-answers.ts'
import type { Ticket } from './ticket.ts'
import { holdsRejection, ticketIn } from './tickets-in-event.ts'

export type Apply = (ticket: Ticket, fact: TicketFact) => Ticket

export interface Walk {
  /** Each fact once, in the order of happening. */
  ordered: TicketFact[]
  ticket: Ticket
  /** Whether what came later told some facts of one time apart: more facts may then tell another order. */
  tied: boolean
}

/** The way from `start`, which is all that happened before, through these facts. */
export function walkHistory(start: Ticket, facts: readonly TicketFact[], apply: Apply): Walk {
  const sorted = eachOnce(facts).sort((a, b) => a.time - b.time || compareIds(a.id, b.id))
  const proposals: Proposals = { known: proposalsIn(sorted, start), asked: false }
  const ordered: TicketFact[] = []
  let ticket = start
  for (let from = 0; from < sorted.length; ) {
    const time = sorted[from]?.time
    let to = from + 1
    while (sorted[to]?.time === time) to++
    const tied = sorted.slice(from, to)
    while (tied.length > 0) {
      const next = takeNext(tied, ticket, proposals)
      ordered.push(next)
      ticket = apply(ticket, next)
    }
    from = to
  }
  return { ordered, ticket, tied: proposals.asked }
}

function eachOnce(facts: readonly TicketFact[]): TicketFact[] {
  return [...new Map(facts.map((fact) => [fact.id, fact])).values()]
}

function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** What the whole history says of one proposed match and this ticket, to tell two of one time apart. */
interface KnownProposal {
  outcome: Outcome
  /** Time of the last event about it. */
  lastTime: number
}
interface Proposals {
  known: Map<string, KnownProposal>
  /** Whether two facts were told apart by it. */
  asked: boolean
}
/** In the order in which proposals of one time must have come: after one that is not over, none can follow. */
type Outcome = typeof RETURNED | typeof CANCELLED_WITH_IT | typeof NOT_DROPPED
const RETURNED = 0
const CANCELLED_WITH_IT = 1
const NOT_DROPPED = 2

function proposalsIn(facts: readonly TicketFact[], ticket: Ticket): Map<string, KnownProposal> {
  const events = new Map<string, EventFact[]>()
  for (const fact of facts) {
    const matchId = fact.source === 'event' ? matchIdOf(fact.detail) : null
    if (fact.source !== 'event' || !matchId) continue
    const about = events.get(matchId)
    if (about) about.push(fact)
    else events.set(matchId, [fact])
  }
  const lastTimeOf = (about: EventFact[]) => about.at(-1)?.time ?? 0
  return new Map(
    [...events].map(([matchId, about]) => [
      matchId,
      { outcome: outcomeFor(ticket, about), lastTime: lastTimeOf(about) },
    ]),
  )
}

function outcomeFor(ticket: Ticket, about: readonly EventFact[]): Outcome {
  const completed = about.find(({ detail }) => detail.type === 'AcceptMatchCompleted')?.detail
  if (completed?.type !== 'AcceptMatchCompleted' || completed.acceptance === 'Accepted') return NOT_DROPPED
  if (ticket.kind !== 'new') return RETURNED
  const answers = about.flatMap(({ detail }) => ticketIn(detail, ticket.ticketId)?.players ?? [])
  if (answers.some(({ accepted }) => accepted === false)) return CANCELLED_WITH_IT
  const accepted = new Set(answers.filter((player) => player.accepted).map(({ playerId }) => playerId))
  if (answers.every(({ playerId }) => accepted.has(playerId))) return RETURNED
  const rejected = about.some(({ detail }) => holdsRejection(detail))
  return rejected || completed.acceptance === 'TimedOut' ? CANCELLED_WITH_IT : RETURNED
}

function takeNext(tied: TicketFact[], ticket: Ticket, proposals: Proposals): TicketFact {
  let best = 0
  for (let index = 1; index < tied.length; index++) {
    if (comesBefore(tied[index] as TicketFact, tied[best] as TicketFact, tied, ticket, proposals)) best = index
  }
  return tied.splice(best, 1)[0] as TicketFact
}

// `tied` is sorted by id, so that facts nothing tells apart keep that order.
function comesBefore(
  a: TicketFact,
  b: TicketFact,
  tied: readonly TicketFact[],
  ticket: Ticket,
  proposals: Proposals,
): boolean {
  const rank = (fact: TicketFact) => rankOf(fact, tied, ticket)
  if (rank(a) !== rank(b)) return rank(a) < rank(b)
  if (a.source !== 'event' || b.source !== 'event') return false
  if (a.detail.type === 'AcceptMatch' && b.detail.type === 'AcceptMatch') {
    return answersIn(a.detail) < answersIn(b.detail)
  }
  const [first, second] = [a, b].map(({ detail }) => proposals.known.get(matchIdOf(detail) ?? ''))
  if (!first || !second || first === second) return false
  proposals.asked = true
  return first.outcome - second.outcome < 0 || (first.outcome === second.outcome && first.lastTime < second.lastTime)
}

/** How likely a fact is the next step from where the ticket stands; smaller comes first. */
function rankOf(fact: TicketFact, tied: readonly TicketFact[], ticket: Ticket): number {
  if (fact.source === 'describe') return 90
  if (fact.source === 'gone') return 91
  if (fact.source === 'overdue') return 92
  const { detail } = fact
  const { proposal } = ticket
  const inMatch = proposal !== null && !proposal.dropped
  switch (detail.type) {
    case 'MatchmakingSucceeded':
      return 70
    case 'MatchmakingTimedOut':
    case 'MatchmakingCancelled':
    case 'MatchmakingFailed':
      return 71 // nothing follows an end
    case 'MatchmakingSearching':
      if (ticket.status === 'QUEUED') return 0
      return ticket.presumed ? 20 : 40 // presumed: its match was just dropped
    case 'PotentialMatchCreated':
      if (proposal?.matchId === detail.matchId) return 1
      return inMatch ? 45 : 30
    case 'AcceptMatch':
    case 'AcceptMatchCompleted': {
      const later = detail.type === 'AcceptMatch' ? 0 : 1
      if (proposal?.matchId === detail.matchId) return 10 + later
      return createdHere(detail.matchId, tied) ? 80 + later : (inMatch ? 50 : 32) + later
    }
    default:
      return detail satisfies never
  }
}

function createdHere(matchId: string, tied: readonly TicketFact[]): boolean {
  return tied.some(
    (fact) =>
      fact.source === 'event' && fact.detail.type === 'PotentialMatchCreated' && fact.detail.matchId === matchId,
  )
}

function matchIdOf(detail: MatchmakingDetail): string | null {
  return 'matchId' in detail ? (detail.matchId ?? null) : null
}
