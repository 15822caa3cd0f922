/** One proposed match, from the events that carry its id and what is known around it. Order-independent like a ticket. */
import type { EventFact, PlacementEventType, RuleEvaluationMetric } from './events.ts'
import { answersIn } from './standing-answers.ts'
import type { Answer } from './ticket.ts'

export type MatchStatus =
  | 'proposed'
  | 'placing'
  | 'completed'
  | 'rejected'
  | 'not-answered'
  | 'withdrawn'
  | 'failed'
  | 'placement-timed-out'

export interface MatchPlayer {
  playerId: string
  ticketId: string
  team: string | null
  answer: Answer | null
  answeredAt: number | null
  playerSessionId: string | null
}
/** Times are epoch ms. */
export interface Match {
  matchId: string
  configuration: string
  status: MatchStatus
  acceptanceRequired: boolean
  acceptanceDeadline: number | null
  ticketIds: string[]
  players: MatchPlayer[]
  createdAt: number
  updatedAt: number
  gameSessionArn: string | null
  ruleEvaluationMetrics: RuleEvaluationMetric[]
}

/** What does not carry the match id or is not FlexMatch's word, yet tells how the match went on. */
export interface MatchSurroundings {
  placements: { type: PlacementEventType; time: number }[]
  /** Times at which a ticket of the match was searching or timed out: after the proposal that means it left. */
  leftTimes: number[]
  /** How tickets that are still in the match ended; a describe may know without any event. */
  endings: { status: 'COMPLETED' | 'FAILED' | 'TIMED_OUT'; time: number }[]
}

/** null when no event carries the id. */
export function projectMatch(
  matchId: string,
  facts: readonly EventFact[],
  around: MatchSurroundings = { placements: [], leftTimes: [], endings: [] },
): Match | null {
  const ordered = orderMatchHistory(facts)
  const first = ordered[0]
  if (!first) return null
  let match: Match = {
    matchId,
    configuration: first.configuration,
    status: 'proposed',
    acceptanceRequired: false,
    acceptanceDeadline: null,
    ticketIds: [],
    players: [],
    createdAt: first.time,
    updatedAt: first.time,
    gameSessionArn: null,
    ruleEvaluationMetrics: [],
  }
  let statusSince = first.time
  for (const fact of ordered) {
    const before = match.status
    match = hear(match, fact)
    if (match.status !== before || fact === first) statusSince = fact.time
  }
  const fate = fateAfter(match, statusSince, around)
  return fate ? { ...match, ...fate } : match
}

const LIFECYCLE = [
  'PotentialMatchCreated',
  'AcceptMatch',
  'AcceptMatchCompleted',
  'MatchmakingCancelled',
  'MatchmakingTimedOut',
  'MatchmakingFailed',
  'MatchmakingSucceeded',
]
/** Within one match the steps never repeat, so here a fixed order settles equal times. */
export function orderMatchHistory(facts: readonly EventFact[]): EventFact[] {
  return facts.toSorted(byTimeThenLifecycle)
}
function byTimeThenLifecycle(a: EventFact, b: EventFact): number {
  return (
    a.time - b.time ||
    LIFECYCLE.indexOf(a.detail.type) - LIFECYCLE.indexOf(b.detail.type) ||
    answersIn(a.detail) - answersIn(b.detail) ||
    (a.id < b.id ? -1 : 1)
  )
}
function hear(before: Match, fact: EventFact): Match {
  const { detail, time } = fact
  const match = { ...before, updatedAt: time, ...named(before, fact) }
  const running = match.status === 'proposed' || match.status === 'placing'
  switch (detail.type) {
    case 'PotentialMatchCreated':
      return {
        ...match,
        status: running && !detail.acceptanceRequired ? 'placing' : match.status,
        acceptanceRequired: detail.acceptanceRequired,
        acceptanceDeadline:
          detail.acceptanceRequired && Number.isFinite(detail.acceptanceTimeout)
            ? time + Number(detail.acceptanceTimeout) * 1000
            : null,
        ruleEvaluationMetrics: detail.ruleEvaluationMetrics ?? [],
      }
    case 'AcceptMatch':
      return { ...match, acceptanceRequired: true }
    case 'AcceptMatchCompleted': {
      const status = running ? statusAfter(detail.acceptance, match) : match.status
      return { ...match, acceptanceRequired: true, status }
    }
    case 'MatchmakingSucceeded':
      return {
        ...match,
        status: 'completed',
        gameSessionArn: detail.gameSessionInfo.gameSessionArn ?? match.gameSessionArn,
      }
    case 'MatchmakingFailed':
      return running ? { ...match, status: 'failed' } : match
    case 'MatchmakingTimedOut':
      return match.status === 'placing' ? { ...match, status: 'placement-timed-out' } : match
    case 'MatchmakingCancelled':
    case 'MatchmakingSearching':
      return match
    default:
      return detail satisfies never
  }
}

function statusAfter(acceptance: 'Accepted' | 'Rejected' | 'TimedOut', match: Match): MatchStatus {
  if (acceptance === 'Accepted') return 'placing'
  if (acceptance === 'TimedOut') return 'not-answered'
  // Rejected although nobody rejected: a ticket of the match was stopped or replaced.
  return match.players.some((player) => player.answer === 'rejected') ? 'rejected' : 'withdrawn'
}

/** Tickets and players the event names, with their teams, answers and player sessions. */
function named(match: Match, fact: EventFact): Pick<Match, 'ticketIds' | 'players'> {
  const players = new Map(match.players.map((player) => [`${player.ticketId} ${player.playerId}`, player]))
  for (const ticket of fact.detail.tickets) {
    for (const said of ticket.players) {
      const key = `${ticket.ticketId} ${said.playerId}`
      const known = players.get(key)
      const answer = said.accepted === undefined ? null : said.accepted ? 'accepted' : 'rejected'
      const news = answer !== null && answer !== known?.answer
      players.set(key, {
        playerId: said.playerId,
        ticketId: ticket.ticketId,
        team: said.team ?? known?.team ?? null,
        answer: answer ?? known?.answer ?? null,
        answeredAt: news ? fact.time : (known?.answeredAt ?? null),
        playerSessionId: said.playerSessionId ?? known?.playerSessionId ?? null,
      })
    }
  }
  const ticketIds = new Set([...match.ticketIds, ...fact.detail.tickets.map((ticket) => ticket.ticketId)])
  return { ticketIds: [...ticketIds], players: [...players.values()] }
}

/** No event says that a placement timed out: the queue may, or its tickets are simply searching again. */
function fateAfter(match: Match, since: number, around: MatchSurroundings): Partial<Match> | null {
  if (match.status !== 'placing' && match.status !== 'proposed') return null
  const returnedAt = earliest(around.leftTimes.filter((time) => time > since))
  if (match.status === 'proposed') {
    if (returnedAt === null) return null
    const rejected = match.players.some((player) => player.answer === 'rejected')
    return { status: rejected ? 'rejected' : 'not-answered', updatedAt: returnedAt }
  }
  for (const [status, fate] of FATES) {
    const endedAt = earliest(around.endings.filter((ending) => ending.status === status).map(({ time }) => time))
    if (endedAt !== null) return { status: fate, updatedAt: endedAt }
  }
  const refused = around.placements.filter(({ type }) => type === 'PlacementFailed' || type === 'PlacementCancelled')
  const refusedAt = earliest(refused.map(({ time }) => time))
  if (refusedAt !== null) return { status: 'failed', updatedAt: refusedAt }
  const timedOut = around.placements.filter(({ type }) => type === 'PlacementTimedOut').map(({ time }) => time)
  const timedOutAt = earliest(returnedAt === null ? timedOut : [...timedOut, returnedAt])
  return timedOutAt === null ? null : { status: 'placement-timed-out', updatedAt: timedOutAt }
}

const FATES = [
  ['COMPLETED', 'completed'],
  ['FAILED', 'failed'],
  ['TIMED_OUT', 'placement-timed-out'],
] as const

function earliest(times: number[]): number | null {
  return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b))
}
