/**
 * What must have been sent about a ticket, by FlexMatch's own grammar, and is not there: events are best effort, and what
 * was lost on the way can only be told from what came after it. Sound rather than complete: where the service's own
 * pages disagree whether an event is sent, its absence proves nothing.
 */
import { causeOfCancel } from './ending-cause.ts'
import type { DescribedFact, EventFact, MatchmakingEventType, TicketFact } from './events.ts'
import { kindIn } from './project-ticket.ts'
import { ticketIn } from './tickets-in-event.ts'

/** `key` is the same from whichever ticket of a match it is seen, so that a lost event counts once. */
export interface MissingEvent {
  key: string
  type: MatchmakingEventType
}

/**
 * `ordered`: the ticket's facts, each once, in the order of happening. Of a ticket started before `since` (epoch ms)
 * nothing is missing: nobody listened to its beginning.
 */
export function missingEvents(ticketId: string, ordered: readonly TicketFact[], since = 0): MissingEvent[] {
  const mustAnswer = kindIn(ticketId, ordered) === 'new'
  const missing = new Map<string, MissingEvent>()
  let life: Life | null = null
  for (const fact of ordered) {
    const startedAt = startIn(ticketId, fact)
    if (startedAt === null || startedAt < since) continue
    if (life === null || startedAt - life.startedAt >= NEW_LIFE_MS) {
      if (life) collect(ticketId, life, mustAnswer, missing)
      life = { startedAt, searched: false, everSearched: false, matches: new Map(), current: null, ended: new Set() }
    }
    if (life.startedAt - startedAt >= NEW_LIFE_MS) continue
    if (fact.source === 'event') hear(ticketId, life, fact, missing)
    else if (fact.source === 'describe') see(ticketId, life, fact, missing)
  }
  if (life) collect(ticketId, life, mustAnswer, missing)
  return [...missing.values()]
}

/** As everywhere, two starts closer than this are one. */
const NEW_LIFE_MS = 1_000

interface Life {
  startedAt: number
  /** Whether a search has been told since the ticket last had to go back to it. */
  searched: boolean
  everSearched: boolean
  matches: Map<string, SeenMatch>
  current: SeenMatch | null
  ended: Set<MatchmakingEventType>
}
interface SeenMatch {
  matchId: string
  /** Time of the newest event about it. */
  lastTime: number
  created: boolean
  /** Whether its players had to accept. */
  acceptance: boolean
  completed: 'Accepted' | 'Rejected' | 'TimedOut' | null
  /** Whether what came later tells that nobody could answer any more. */
  over: boolean
  succeeded: boolean
  /** What each player has said, by ticket and player. */
  answers: Map<string, boolean>
  answered: Set<string>
  /** Tickets whose answers were first told by the event of another one. */
  untold: string[]
}

function startIn(ticketId: string, fact: TicketFact): number | null {
  if (fact.source === 'describe') return fact.observation.startTime
  const own = fact.source === 'event' ? ticketIn(fact.detail, ticketId) : undefined
  return own ? Date.parse(own.startTime) : null
}

function hear(ticketId: string, life: Life, { detail, time }: EventFact, missing: Map<string, MissingEvent>): void {
  const { type } = detail
  if (type === 'MatchmakingSearching') {
    leave(life, time)
    life.searched = true
    life.everSearched = true
    return
  }
  const match =
    'matchId' in detail && detail.matchId ? enter(ticketId, life, detail.matchId, time, missing) : life.current
  if (match) tell(match, detail)
  switch (type) {
    case 'AcceptMatchCompleted':
      if (detail.acceptance !== 'Accepted') life.searched = false
      break
    case 'MatchmakingSucceeded':
    case 'MatchmakingFailed':
      life.ended.add(type)
      if (match) match.over = true
      break
    case 'MatchmakingTimedOut':
      life.ended.add(type)
      if (!life.everSearched) noteSearching(ticketId, life, missing)
      if (match) match.over = true
      break
    case 'MatchmakingCancelled': {
      life.ended.add(type)
      const cause = causeOfCancel(null, detail.reason, detail.message)
      if (match && (cause === 'rejected' || cause === 'not-answered')) match.over = true
    }
  }
}

/** Facts of one time may be in the wrong order where one of them was lost: only a later one proves anything. */
function leave({ current }: Life, time: number): void {
  if (current && time > current.lastTime) current.over = true
}

/** The match an event names; that the ticket came to it tells how the way there must have been. */
function enter(
  ticketId: string,
  life: Life,
  matchId: string,
  time: number,
  missing: Map<string, MissingEvent>,
): SeenMatch {
  const known = life.matches.get(matchId)
  if (known) {
    known.lastTime = time
    return known
  }
  if (!life.searched) noteSearching(ticketId, life, missing)
  leave(life, time)
  const match: SeenMatch = {
    matchId,
    lastTime: time,
    created: false,
    acceptance: false,
    completed: null,
    over: false,
    succeeded: false,
    answers: new Map(),
    answered: new Set(),
    untold: [],
  }
  life.matches.set(matchId, match)
  life.current = match
  life.searched = true
  return match
}

function tell(match: SeenMatch, detail: EventFact['detail']): void {
  switch (detail.type) {
    case 'PotentialMatchCreated':
      match.created = true
      match.acceptance ||= detail.acceptanceRequired
      break
    case 'AcceptMatch':
      match.acceptance = true
      hearAnswers(match, detail)
      break
    case 'AcceptMatchCompleted':
      match.acceptance = true
      match.completed = detail.acceptance
      break
    case 'MatchmakingSucceeded':
      match.succeeded = true
  }
}

/** One call answers for players of one ticket: an event with new answers of several tells that others were lost. */
function hearAnswers(match: Pick<SeenMatch, 'answers' | 'answered' | 'untold'>, detail: EventFact['detail']): void {
  const news: string[] = []
  for (const { ticketId, players } of detail.tickets) {
    let isNew = false
    for (const { playerId, accepted } of players) {
      const key = `${ticketId} ${playerId}`
      if (accepted === undefined || match.answers.get(key) === accepted) continue
      match.answers.set(key, accepted)
      isNew = true
    }
    if (!isNew) continue
    news.push(ticketId)
    match.answered.add(ticketId)
  }
  match.untold.push(...news.sort().slice(1))
}

/** Whether an answer was first told by the event of another ticket's; `ordered` are the events of one match. */
export function hidesAnswers(ordered: readonly EventFact[]): boolean {
  const answered = { answers: new Map<string, boolean>(), answered: new Set<string>(), untold: [] }
  for (const { detail } of ordered) if (detail.type === 'AcceptMatch') hearAnswers(answered, detail)
  return answered.untold.length > 0
}

/** A describe that knows the end knows what the event of that end would have said. */
function see(ticketId: string, life: Life, { observation }: DescribedFact, missing: Map<string, MissingEvent>): void {
  const { status, statusReason, statusMessage } = observation
  const type = ENDS[status]
  if (!type || life.ended.size > 0) return
  const { current } = life
  const dropped = current?.completed === 'Rejected' || current?.completed === 'TimedOut'
  if (status === 'CANCELLED' && (dropped || causeOfCancel(null, statusReason, statusMessage) !== 'stopped')) return
  life.ended.add(type)
  if (status === 'COMPLETED' && current && !dropped) {
    current.over = true
    current.succeeded = true
    note(missing, type, current.matchId)
  } else {
    note(missing, type, `${ticketId}|${life.startedAt}`)
  }
}
const ENDS: Record<string, MatchmakingEventType | undefined> = {
  COMPLETED: 'MatchmakingSucceeded',
  CANCELLED: 'MatchmakingCancelled',
  TIMED_OUT: 'MatchmakingTimedOut',
  FAILED: 'MatchmakingFailed',
}

function collect(ticketId: string, life: Life, mustAnswer: boolean, missing: Map<string, MissingEvent>): void {
  for (const match of life.matches.values()) {
    const { matchId, acceptance, completed } = match
    if (!match.created) note(missing, 'PotentialMatchCreated', matchId)
    if (acceptance && match.over && completed === null) note(missing, 'AcceptMatchCompleted', matchId)
    for (const untold of match.untold) note(missing, 'AcceptMatch', `${matchId}|${untold}`)
    const everybodyAccepted = completed === 'Accepted' || (acceptance && match.succeeded)
    if (mustAnswer && everybodyAccepted && !match.answered.has(ticketId)) {
      note(missing, 'AcceptMatch', `${matchId}|${ticketId}`)
    }
  }
}

function noteSearching(ticketId: string, life: Life, missing: Map<string, MissingEvent>): void {
  note(missing, 'MatchmakingSearching', `${ticketId}|${life.current?.matchId ?? life.startedAt}`)
}

function note(missing: Map<string, MissingEvent>, type: MatchmakingEventType, about: string): void {
  const key = `${type}|${about}`
  missing.set(key, { key, type })
}
