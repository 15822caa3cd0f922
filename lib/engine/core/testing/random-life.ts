/** Random commands for a desk with two configurations: what any number of clients and an operator might do. */
import * as fc from 'fast-check'
import type { Command, EngineOptionsPatch } from '#lib/engine/core/contract.ts'
import type { GameSessionState, TicketState } from '#lib/engine/core/state.ts'
import { ACCEPTANCE, aDesk, type Desk, twoTeams } from './desk.ts'

export interface SavedState {
  configurations: {
    name: string
    settings: { requestTimeoutSeconds: number }
    queued: string[]
    searching: string[]
  }[]
  tickets: TicketState[]
  matches: { matchId: string; ticketIds: string[]; placement: unknown }[]
  gameSessions: GameSessionState[]
  playerSessions: { playerSessionId: string; gameSessionArn: string; status: string }[]
  timers: { due: [string, number, number][] }
  passes: { due: [string, number, number][] }
}

/** `duel`: 2v2 that starts with 1v1, queue, automatic backfill. `solo`: standalone duel with acceptance. */
export function aBusyDesk(): Desk {
  const desk = aDesk({
    ruleSet: twoTeams(2, 1),
    options: { limits: { finishedTickets: 20, endedGameSessions: 2, liveGameSessions: 3 } },
    configuration: { BackfillMode: 'AUTOMATIC', RequestTimeoutSeconds: 40, CustomEventData: 'x' },
  })
  desk.send('CreateMatchmakingRuleSet', { Name: 'duels', RuleSetBody: DUELS })
  desk.send('CreateMatchmakingConfiguration', {
    Name: 'solo',
    RuleSetName: 'duels',
    RequestTimeoutSeconds: 25,
    FlexMatchMode: 'STANDALONE',
    ...ACCEPTANCE,
  })
  return desk
}

const DUELS = JSON.stringify({
  ruleLanguageVersion: '1.0',
  playerAttributes: [{ name: 'skill', type: 'number', default: 5 }],
  teams: [{ name: 'side', minPlayers: 1, maxPlayers: 1, quantity: 2 }],
  rules: [
    {
      name: 'close',
      type: 'distance',
      measurements: ['max(flatten(teams[*].players.attributes[skill]))'],
      referenceValue: 'min(flatten(teams[*].players.attributes[skill]))',
      maxDistance: 3,
    },
  ],
  expansions: [{ target: 'rules[close].maxDistance', steps: [{ waitTimeSeconds: 5, value: 10 }] }],
})

/** A step means something only beside the state it meets: numbers pick from what is there then. */
export type Step = { kind: (typeof KINDS)[number]; a: number; b: number; c: number }
const KINDS = [
  ...(['start', 'start', 'start', 'start', 'start', 'start', 'wait', 'wait', 'wait', 'wait', 'wait'] as const),
  ...([
    'accept',
    'accept',
    'accept',
    'accept',
    'backfill',
    'reject',
    'stop',
    'backfill',
    'terminate',
    'updateSession',
    'updateConfiguration',
    'setOptions',
    'delete',
    'forceMatch',
    'forceOutcome',
  ] as const),
]

export const anySteps = fc.array(
  fc.record({ kind: fc.constantFrom(...KINDS), a: fc.nat(999), b: fc.nat(999), c: fc.nat(999) }),
  // Long lives: a short one has no second match in it.
  { minLength: 1, maxLength: 120, size: 'max' },
) as fc.Arbitrary<Step[]>

const OPTIONS: EngineOptionsPatch[] = [
  { placement: { outcome: 'fail' } },
  { placement: { outcome: 'time-out' } },
  { placement: { outcome: 'fulfil', maxActiveSessions: 1, delayMs: 0 } },
  { placement: { outcome: 'fulfil', maxActiveSessions: null, delayMs: 1500 } },
  { acceptance: { pendingTickets: 'requeue', cancelledEvent: false } },
  { acceptance: { pendingTickets: 'cancel', cancelledEvent: true } },
  { gameSession: { players: 'wait' }, autoBackfill: { reissueAfterTimeout: false } },
  { gameSession: { players: 'join' }, autoBackfill: { reissueAfterTimeout: true } },
  { tickMs: 300 },
  { tickMs: 1000 },
]
const CONFIGURATION_CHANGES = [
  { Name: 'duel', AcceptanceRequired: true, AcceptanceTimeoutSeconds: 8 },
  { Name: 'duel', AcceptanceRequired: false },
  { Name: 'duel', RequestTimeoutSeconds: 5 },
  { Name: 'duel', RequestTimeoutSeconds: 60 },
  { Name: 'duel', AdditionalPlayerCount: 1 },
  { Name: 'duel', RuleSetName: 'duels', AdditionalPlayerCount: 0 },
  { Name: 'duel', RuleSetName: 'rules', BackfillMode: 'MANUAL' },
  { Name: 'duel', FlexMatchMode: 'STANDALONE', GameSessionQueueArns: [], BackfillMode: 'MANUAL' },
  { Name: 'duel', FlexMatchMode: 'WITH_QUEUE', GameSessionQueueArns: ['queue'], BackfillMode: 'AUTOMATIC' },
  { Name: 'solo', AcceptanceRequired: false },
  { Name: 'nothing' },
]
const OUTCOMES = [
  'ForceAcceptanceTimeout',
  'ForcePlacementFailure',
  'ForcePlacementTimeout',
  'ForceTicketTimeout',
] as const
const WAITS_MS = [0, 1, 300, 1000, 1000, 1700, 2000, 2000, 5000, 9000, 35_000]

function pick<T>(list: readonly T[], index: number): T | undefined {
  return list.length === 0 ? undefined : list[index % list.length]
}

/** The command a step comes to in this state, `unique` in any new id; time moves by hand of the caller where it returns a wait. */
export function commandOf(
  { tickets, gameSessions }: SavedState,
  unique: number,
  { kind, a, b, c }: Step,
): Command | { waitMs: number; lateMs: number } {
  const ticket = pick(tickets, a)
  const waiting =
    pick(
      tickets.filter(({ status }) => status === 'REQUIRES_ACCEPTANCE'),
      a,
    ) ?? ticket
  const session = pick(gameSessions, a)
  const arn = session?.arn ?? 'arn:aws:gamelift:us-east-1::gamesession/x/y'
  switch (kind) {
    case 'wait':
      return { waitMs: pick(WAITS_MS, a)!, lateMs: b % 10 === 0 ? pick(WAITS_MS, c)! : 0 }
    case 'start': {
      const Players = Array.from({ length: 1 + (b % 7 === 0 ? 1 : 0) }, (_, i) => ({
        PlayerId: `p${(c + i) % 14}`,
        PlayerAttributes: { skill: { N: (a * 7 + i) % 10 } },
        ...(c % 3 === 0 && { LatencyInMs: { 'eu-west-1': 1 + (a % 90), 'us-east-1': 1 + (b % 90) } }),
      }))
      const TicketId = b % 20 === 0 && ticket ? ticket.ticketId : b % 5 === 0 ? '' : `t${unique}`
      return {
        operation: 'StartMatchmaking',
        input: { TicketId, ConfigurationName: a % 4 === 0 ? 'solo' : 'duel', Players },
      }
    }
    case 'accept':
    case 'reject': {
      const PlayerIds = (waiting?.players ?? []).map(({ playerId }) => playerId).slice(b % 5 === 0 ? 1 : 0)
      const AcceptanceType = kind === 'accept' ? 'ACCEPT' : 'REJECT'
      return { operation: 'AcceptMatch', input: { TicketId: waiting?.ticketId ?? 'nobody', PlayerIds, AcceptanceType } }
    }
    case 'stop':
      return { operation: 'StopMatchmaking', input: { TicketId: ticket?.ticketId ?? 'nobody' } }
    case 'backfill': {
      const roster = (session?.roster ?? []).slice(0, b % 4)
      const Players = roster.map(({ playerId, team }) => ({ PlayerId: playerId, Team: team }))
      return { operation: 'StartMatchBackfill', input: { ConfigurationName: 'duel', GameSessionArn: arn, Players } }
    }
    case 'terminate':
      return { operation: 'TerminateGameSession', input: { GameSessionId: arn, TerminationMode: 'FORCE_TERMINATE' } }
    case 'updateSession': {
      const PlayerSessionCreationPolicy = b % 2 === 0 ? 'DENY_ALL' : 'ACCEPT_ALL'
      return { operation: 'UpdateGameSession', input: { GameSessionId: arn, PlayerSessionCreationPolicy } }
    }
    case 'updateConfiguration':
      return { operation: 'UpdateMatchmakingConfiguration', input: pick(CONFIGURATION_CHANGES, a)! }
    case 'setOptions':
      return { operation: 'SetOptions', input: pick(OPTIONS, a)! }
    case 'forceMatch': {
      const inPool = tickets.filter(({ status }) => b % 8 === 0 || status === 'QUEUED' || status === 'SEARCHING')
      const ids = Array.from({ length: 2 + (b % 3) }, (_, i) => pick(inPool, a + i)?.ticketId ?? 'nobody')
      return { operation: 'ForceMatch', input: { ticketIds: [...new Set(ids)] } }
    }
    case 'forceOutcome': {
      const under = tickets.filter(({ status }) => status === 'REQUIRES_ACCEPTANCE' || status === 'PLACING')
      const ticketId = pick(b % 4 === 0 || under.length === 0 ? tickets : under, a)?.ticketId ?? 'nobody'
      return { operation: pick(OUTCOMES, c)!, input: { ticketId } }
    }
    case 'delete':
      return a % 8 === 0
        ? { operation: 'DeleteMatchmakingConfiguration', input: { Name: 'solo' } }
        : { operation: 'DeleteMatchmakingRuleSet', input: { Name: b % 2 === 0 ? 'rules' : 'duels' } }
  }
}
