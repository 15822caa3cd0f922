/** What happened to one ticket, step by step in plain words. Pure: from its facts alone. */
import { isSettled } from './apply-event.ts'
import type { EventFact, MatchmakingDetail, TicketFact } from './events.ts'
import type { PlacementEvent } from './parse-event.ts'
import { withPlacements } from './placement-steps.ts'
import { applyFact, orderHistory, startOf } from './project-ticket.ts'
import type { Cause, IndexedStatus } from './status.ts'
import type { Ticket } from './ticket.ts'
import { blankTicket, inLife } from './ticket-life.ts'

export type StepKind =
  | 'queued'
  | 'searching'
  | 'proposed'
  | 'answer'
  | 'acceptance-completed'
  | 'match-dropped'
  | 'placing'
  | 'placement'
  | 'end'
  | 'observation'
export interface TimelineStep {
  /** Epoch ms. */
  at: number
  kind: StepKind
  text: string
  detail: string | null
  matchId: string | null
  /** Somebody forced it in the local engine's lab. */
  forced: boolean
  /** The fact, or the queue's event, that says so; null for the start, which every fact tells. */
  factId: string | null
}

type DetailOf<T extends MatchmakingDetail['type']> = Extract<MatchmakingDetail, { type: T }>

/** In the order of happening, which for facts of one time is not the order of their times. */
export function timelineOf(
  ticketId: string,
  facts: readonly TicketFact[],
  placements: readonly PlacementEvent[] = [],
): TimelineStep[] {
  const ordered = orderHistory(ticketId, facts)
  const first = ordered[0]
  if (!first) return []
  let ticket = startOf(ticketId, facts)
  const steps: TimelineStep[] = []
  const answers = new Map<string, boolean>()
  let startedAt = 0
  for (const fact of ordered) {
    let before = ticket
    startedAt ||= before.startedAt
    ticket = applyFact(ticket, fact)
    if (isReborn(before, ticket)) {
      steps.push({ at: ticket.startedAt, kind: 'queued', text: 'Queued again, under the same id', ...nothingMore })
      before = blankTicket(ticketId, ticket.kind)
    }
    if (fact.source === 'event') steps.push(...stepsOfEvent(fact, before, ticket, answers))
    else steps.push(...stepsOfObservation(fact, before, ticket))
  }
  startedAt ||= ticket.startedAt
  // The bus may stamp the first event with a whole second before the start.
  const queued: TimelineStep = { at: startedAt, kind: 'queued', text: 'Queued', ...nothingMore }
  return withPlacements([queued, ...steps], placements)
}
const nothingMore = { detail: null, matchId: null, forced: false, factId: null } as const

function isReborn(before: Ticket, after: Ticket): boolean {
  return before.updatedAt !== 0 && inLife(before, after.startedAt) !== before
}

function stepsOfEvent(fact: EventFact, before: Ticket, after: Ticket, answers: Map<string, boolean>): TimelineStep[] {
  const { detail, time } = fact
  const step = (kind: StepKind, text: string, more: string | null = null): TimelineStep => ({
    at: time,
    kind,
    text,
    detail: more,
    matchId: 'matchId' in detail ? (detail.matchId ?? null) : null,
    forced: fact.forced === true,
    factId: fact.id,
  })
  if (isSettled(before)) {
    return [step('observation', `Late event: ${detail.type}`, 'The ticket had ended by then; nothing changed.')]
  }
  switch (detail.type) {
    case 'MatchmakingSearching':
      if (before.status === 'SEARCHING' && !before.presumed) return []
      return before.status === 'QUEUED'
        ? [step('searching', 'Searching')]
        : [step('searching', 'Searching again', REASONS[after.cause] ?? null)]
    case 'PotentialMatchCreated':
      return detail.acceptanceRequired
        ? [step('proposed', 'Match proposed', sizeOf(detail))]
        : [step('placing', 'Match formed', sizeOf(detail))]
    case 'AcceptMatch':
      return newAnswers(detail, answers).map(({ playerId, accepted, ticketId }) =>
        step(
          'answer',
          `${playerId} ${accepted ? 'accepted' : 'rejected'}`,
          ticketId === after.ticketId ? null : `of ticket ${ticketId}`,
        ),
      )
    case 'AcceptMatchCompleted':
      if (detail.acceptance === 'Accepted') {
        return [step('acceptance-completed', 'Everybody accepted'), step('placing', 'Being placed')]
      }
      return [step('match-dropped', DROPPED[detail.acceptance], consequence(after))]
    case 'MatchmakingSucceeded':
      return [step('end', 'Completed', detail.gameSessionInfo.gameSessionArn ?? null)]
    case 'MatchmakingTimedOut':
    case 'MatchmakingCancelled':
    case 'MatchmakingFailed':
      return [step('end', ENDINGS[after.status] ?? after.status, saidBy(detail.message))]
    default:
      return detail satisfies never
  }
}

const REASONS: Partial<Record<Cause, string>> = {
  'returned-not-accepted': 'the match was not accepted',
  'returned-placement': 'the match could not be placed in time',
}
const DROPPED = {
  Rejected: 'The match was dropped: not everybody accepted',
  TimedOut: 'The match was dropped: time to answer ran out',
}
const ENDINGS: Partial<Record<IndexedStatus, string>> = {
  COMPLETED: 'Completed',
  CANCELLED: 'Cancelled',
  TIMED_OUT: 'Timed out',
  FAILED: 'Failed',
}

function consequence(after: Ticket): string {
  switch (after.cause) {
    case 'rejected':
      return 'one of its own players rejected: the ticket is cancelled with the match'
    case 'not-answered':
      return 'its own players had not all accepted: the ticket is cancelled with the match'
    default:
      return 'the ticket goes back to the search'
  }
}

/** GameLift's words are shown as its own: it says "not accepted in time" also of a match that somebody else rejected. */
function saidBy(message: string | null | undefined): string | null {
  return message ? `GameLift says: ${message}` : null
}

function sizeOf(detail: DetailOf<'PotentialMatchCreated'>): string {
  const players = detail.tickets.reduce((sum, ticket) => sum + ticket.players.length, 0)
  const size = `${counted(players, 'player')} of ${counted(detail.tickets.length, 'ticket')}`
  return detail.acceptanceRequired && detail.acceptanceTimeout
    ? `${size}, ${detail.acceptanceTimeout} s to answer`
    : size
}
function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

/** Each AcceptMatch repeats the standing answers of the whole match: only what was not said before is news. */
function newAnswers(detail: DetailOf<'AcceptMatch'>, known: Map<string, boolean>) {
  const news: { ticketId: string; playerId: string; accepted: boolean }[] = []
  for (const { ticketId, players } of detail.tickets) {
    for (const { playerId, accepted } of players) {
      const key = JSON.stringify([detail.matchId, ticketId, playerId])
      if (accepted === undefined || known.get(key) === accepted) continue
      known.set(key, accepted)
      news.push({ ticketId, playerId, accepted })
    }
  }
  return news
}

function stepsOfObservation(fact: Exclude<TicketFact, EventFact>, before: Ticket, after: Ticket): TimelineStep[] {
  const step = (kind: StepKind, text: string, detail: string | null = null): TimelineStep[] => [
    { at: fact.time, kind, text, detail, matchId: after.matchId, forced: false, factId: fact.id },
  ]
  if (fact.source === 'gone') {
    return after === before ? [] : step('observation', 'GameLift no longer knows this ticket')
  }
  if (fact.source === 'overdue') {
    return after === before
      ? []
      : step('end', 'Timed out, presumably', 'Nothing has said how it ended, and its time is over.')
  }
  const seen = fact.observation
  if (after.status !== before.status) {
    const ended = ENDINGS[after.status]
    return ended
      ? step(
          'end',
          ended,
          saidBy(seen.statusMessage ?? seen.statusReason) ?? 'as GameLift described it; no event said so',
        )
      : step('observation', `GameLift describes it as ${after.status}`, seen.statusMessage)
  }
  if (before.presumed && !after.presumed) {
    return step(isSettled(after) ? 'end' : 'observation', `GameLift confirms ${after.status}`, seen.statusMessage)
  }
  return before.described ? [] : step('observation', 'Attributes and latency read from GameLift')
}
