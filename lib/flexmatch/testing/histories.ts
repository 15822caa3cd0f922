/**
 * Plays matchmaking by the documented rules and writes down the events in their true order, with where each ticket then
 * really stands. What the reducer makes of the events must agree, however they are delivered.
 */
import * as fc from 'fast-check'
import type { EventFact, EventTicket } from '#lib/flexmatch/events.ts'
import type { Cause, TicketStatus } from '#lib/flexmatch/status.ts'
import { anEvent, aTicket, START } from './builders.ts'

export interface PlayedTicket {
  ticketId: string
  players: string[]
  status: TicketStatus
  cause: Cause
  matchId: string | null
}
export interface PlayedHistory {
  /** In the order they happened. */
  events: EventFact[]
  tickets: PlayedTicket[]
}

/** What becomes of one proposed match. */
type Round =
  | { ends: 'all-accept' | 'placement-returns'; acceptance: boolean }
  | { ends: 'rejected'; rejecter: number; answeredBefore: number }
  | { ends: 'silence'; silent: number }
  | { ends: 'left-open'; answered: number }

interface Script {
  parties: number[]
  rounds: Round[]
  last: 'nothing' | 'stop' | 'time-out' | 'fail'
  /** Gap before each step, ms; 0 puts steps on one timestamp. */
  gaps: number[]
  wholeSeconds: boolean
  idSalt: number
}

const round: fc.Arbitrary<Round> = fc.oneof(
  fc.record({ ends: fc.constantFrom('all-accept' as const, 'placement-returns' as const), acceptance: fc.boolean() }),
  fc.record({ ends: fc.constant('rejected' as const), rejecter: fc.nat(9), answeredBefore: fc.nat(3) }),
  fc.record({ ends: fc.constant('silence' as const), silent: fc.nat(9) }),
  fc.record({ ends: fc.constant('left-open' as const), answered: fc.nat(4) }),
)

export const playedHistory: fc.Arbitrary<PlayedHistory> = fc
  .record({
    parties: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
    rounds: fc.array(round, { maxLength: 4 }),
    last: fc.constantFrom('nothing' as const, 'stop' as const, 'time-out' as const, 'fail' as const),
    gaps: fc.array(fc.oneof(fc.constant(0), fc.constant(7), fc.constant(400)), { minLength: 60, maxLength: 60 }),
    wholeSeconds: fc.boolean(),
    idSalt: fc.nat(1_000_000),
  })
  .map(play)

/** Longer than any rounding of times: a queue gives up after ten seconds at the earliest. */
const PLACEMENT_MS = 10_000

function play(script: Script): PlayedHistory {
  const events: EventFact[] = []
  let now = 0
  const name = (party: number, seat: number) => `p${party}-${seat}`
  const tickets: PlayedTicket[] = script.parties.map((size, party) => ({
    ticketId: `t${party}`,
    players: Array.from({ length: size }, (_, seat) => name(party, seat)),
    status: 'QUEUED',
    cause: 'started',
    matchId: null,
  }))
  const emit = (type: EventFact['detail']['type'], about: PlayedTicket[], more: Record<string, unknown> = {}) => {
    now += script.gaps[events.length % script.gaps.length] ?? 0
    const answers = (more.answers ?? new Map()) as Map<string, boolean>
    const named: EventTicket[] = about.map((ticket) =>
      aTicket(
        ticket.ticketId,
        ticket.players.map((playerId) => ({
          playerId,
          ...(type === 'MatchmakingSearching' ? {} : { team: ticket.ticketId }),
          ...(type === 'AcceptMatch' && answers.has(playerId) ? { accepted: answers.get(playerId) } : {}),
        })),
        START,
      ),
    )
    const { answers: _, ...detail } = more
    const time = script.wholeSeconds ? Math.floor(now / 1000) * 1000 : now
    // Ids that say nothing of the order, as the service's do not.
    const id = ((events.length + 1) * 7919 * (script.idSalt + 1)).toString(36).split('').reverse().join('')
    events.push(anEvent(type, { time, id: `${id}-${events.length}`, tickets: named, ...detail }))
  }
  const search = (ticket: PlayedTicket, cause: Cause) => {
    emit('MatchmakingSearching', [ticket])
    Object.assign(ticket, { status: 'SEARCHING', cause, matchId: null })
  }
  for (const ticket of tickets) search(ticket, 'started')

  for (const [index, each] of script.rounds.entries()) {
    const inMatch = tickets.filter((ticket) => ticket.status === 'SEARCHING')
    if (inMatch.length === 0) break
    const matchId = `m${index + 1}`
    const acceptance = 'acceptance' in each ? each.acceptance : true
    emit('PotentialMatchCreated', inMatch, {
      matchId,
      acceptanceRequired: acceptance,
      acceptanceTimeout: acceptance ? 30 : undefined,
    })
    for (const ticket of inMatch) {
      Object.assign(ticket, {
        status: acceptance ? 'REQUIRES_ACCEPTANCE' : 'PLACING',
        cause: acceptance ? 'proposed' : 'matched',
        matchId,
      })
    }
    const everybody = inMatch.flatMap((ticket) => ticket.players)
    const answers = new Map<string, boolean>()
    const answer = (playerId: string, accepted: boolean) => {
      answers.set(playerId, accepted)
      emit('AcceptMatch', inMatch, { matchId, answers: new Map(answers) })
    }
    const drop = (acceptanceResult: 'Rejected' | 'TimedOut') => {
      emit('AcceptMatchCompleted', inMatch, { matchId, acceptance: acceptanceResult })
      for (const ticket of inMatch) {
        const said = ticket.players.map((playerId) => answers.get(playerId))
        if (said.every((accepted) => accepted === true)) search(ticket, 'returned-not-accepted')
        else Object.assign(ticket, { status: 'CANCELLED', cause: said.includes(false) ? 'rejected' : 'not-answered' })
      }
    }
    if (each.ends === 'left-open') {
      for (const playerId of everybody.slice(0, Math.min(each.answered, everybody.length - 1))) answer(playerId, true)
      break
    }
    if (each.ends === 'rejected') {
      const rejecter = everybody[each.rejecter % everybody.length] as string
      for (const playerId of everybody.filter((other) => other !== rejecter).slice(0, each.answeredBefore)) {
        answer(playerId, true)
      }
      answer(rejecter, false)
      drop('Rejected')
      continue
    }
    if (each.ends === 'silence') {
      const silent = everybody[each.silent % everybody.length] as string
      for (const playerId of everybody.filter((other) => other !== silent)) answer(playerId, true)
      drop('TimedOut')
      continue
    }
    if (acceptance) {
      for (const playerId of everybody) answer(playerId, true)
      emit('AcceptMatchCompleted', inMatch, { matchId, acceptance: 'Accepted' })
      for (const ticket of inMatch) Object.assign(ticket, { status: 'PLACING', cause: 'accepted' })
    }
    if (each.ends === 'placement-returns') {
      now += PLACEMENT_MS
      for (const ticket of inMatch) search(ticket, 'returned-placement')
      continue
    }
    emit('MatchmakingSucceeded', inMatch, {
      matchId,
      session: { gameSessionArn: `arn:session/${matchId}`, ipAddress: '203.0.113.1', port: 4000 },
    })
    for (const ticket of inMatch) Object.assign(ticket, { status: 'COMPLETED', cause: 'matched' })
  }

  for (const ticket of tickets) {
    if (ticket.status !== 'SEARCHING' || script.last === 'nothing') continue
    const ends = {
      stop: ['MatchmakingCancelled', 'CANCELLED', 'stopped'],
      'time-out': ['MatchmakingTimedOut', 'TIMED_OUT', 'request-timed-out'],
      fail: ['MatchmakingFailed', 'FAILED', 'placement-failed'],
    } as const
    const [type, status, cause] = ends[script.last]
    emit(type, [ticket])
    Object.assign(ticket, { status, cause })
  }
  return { events, tickets }
}
