/** Facts for tests: state only what matters. Times are epoch ms; small ones are taken as offsets from START. */
import type {
  DescribedFact,
  EventFact,
  EventPlayer,
  EventTicket,
  GoneFact,
  MatchmakingDetail,
  OverdueFact,
  TicketObservation,
} from '#lib/flexmatch/events.ts'

export const START = Date.UTC(2026, 0, 15, 10, 0, 0)
export const CONFIGURATION = 'arena-ranked'
export const CONFIGURATION_ARN = `arn:aws:gamelift:eu-central-1:111122223333:matchmakingconfiguration/${CONFIGURATION}`

let made = 0

/** `players`: names, or whole players. */
export function aTicket(ticketId: string, players: (string | EventPlayer)[], startTime: number = START): EventTicket {
  return {
    ticketId,
    startTime: new Date(startTime).toISOString(),
    players: players.map((player) => (typeof player === 'string' ? { playerId: player } : player)),
  }
}

const DEFAULTS: Record<MatchmakingDetail['type'], object> = {
  MatchmakingSearching: { estimatedWaitMillis: 'NOT_AVAILABLE' },
  PotentialMatchCreated: {
    acceptanceRequired: true,
    acceptanceTimeout: 30,
    ruleEvaluationMetrics: [{ ruleName: 'Close', passedCount: 1, failedCount: 0 }],
    matchId: 'm1',
  },
  AcceptMatch: { matchId: 'm1' },
  AcceptMatchCompleted: { acceptance: 'Accepted', matchId: 'm1' },
  MatchmakingSucceeded: { matchId: 'm1' },
  MatchmakingTimedOut: { reason: 'TimedOut', message: 'Removed from matchmaking due to timing out.' },
  MatchmakingCancelled: { reason: 'Cancelled', message: 'Cancelled by request.' },
  MatchmakingFailed: {
    reason: 'UNEXPECTED_ERROR',
    message: 'An unexpected error was encountered during match placing.',
  },
}

/** An event at `time` ms after START, about ticket `t1` of player `ana` unless told otherwise. */
export function anEvent(
  type: MatchmakingDetail['type'],
  given: { time?: number; id?: string; tickets?: EventTicket[]; session?: object; configuration?: string } & Record<
    string,
    unknown
  > = {},
): EventFact {
  const { time = 0, id = `e-${++made}`, tickets = [aTicket('t1', ['ana'])], session, configuration, ...detail } = given
  return {
    id,
    time: START + time,
    source: 'event',
    configuration: configuration ?? CONFIGURATION,
    detail: {
      type,
      tickets,
      gameSessionInfo: { players: tickets.flatMap((ticket) => ticket.players), ...session },
      ...DEFAULTS[type],
      ...detail,
    } as unknown as MatchmakingDetail,
  }
}

export function anObservation(given: Partial<TicketObservation> = {}): TicketObservation {
  return {
    ticketId: 't1',
    status: 'SEARCHING',
    statusReason: null,
    statusMessage: null,
    kind: 'new',
    startTime: START,
    endTime: null,
    estimatedWaitSeconds: null,
    players: [{ playerId: 'ana', team: null, attributes: { skill: { N: 10 } }, latencyMs: {}, playerSessionId: null }],
    gameSessionArn: null,
    ipAddress: null,
    dnsName: null,
    port: null,
    ...given,
  }
}

export function aDescribe(time: number, given: Partial<TicketObservation> = {}, id = `d-${++made}`): DescribedFact {
  return { id, time: START + time, source: 'describe', configuration: CONFIGURATION, observation: anObservation(given) }
}

export function aGone(time: number, ticketId = 't1', id = `g-${++made}`): GoneFact {
  return { id, time: START + time, source: 'gone', configuration: '', ticketId }
}

export function anOverdue(time: number, ticketId = 't1', id = `o-${++made}`): OverdueFact {
  return { id, time: START + time, source: 'overdue', configuration: CONFIGURATION, ticketId, startTime: START }
}

/** The envelope EventBridge would deliver for a fact; `inSeconds` as the real bus stamps it. */
export function envelopeOf(fact: EventFact, inSeconds = false): Record<string, unknown> {
  const time = new Date(fact.time).toISOString()
  return {
    version: '0',
    id: fact.id,
    'detail-type': 'GameLift Matchmaking Event',
    source: 'aws.gamelift',
    account: '111122223333',
    time: inSeconds ? time.replace(/\.\d+Z$/, 'Z') : time,
    region: 'eu-central-1',
    resources: [CONFIGURATION_ARN.replace(CONFIGURATION, fact.configuration)],
    detail: fact.detail,
    ...(fact.forced && { matchdesk: { forced: true } }),
  }
}
