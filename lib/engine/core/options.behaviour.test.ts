/** Every option, every way: one story for each, and what comes of it under each value. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { EngineOptionsPatch } from './contract.ts'
import { DEFAULT_OPTIONS, type OptionPath } from './options.ts'
import {
  ACCEPTANCE,
  aDesk,
  aHalfFullSession,
  answer,
  backfill,
  type Desk,
  STANDALONE,
  start,
  twoTeams,
} from './testing/desk.ts'

interface Proof {
  story(options: EngineOptionsPatch): unknown
  /** Value, what it does, and how the story ends. */
  endings: [value: unknown, does: string, ending: unknown][]
}

const RULES = 'rules'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const players = (desk: Desk, ticketId: string) =>
  (
    desk.read('DescribePlayerSessions', { GameSessionId: desk.sessionOf(ticketId) }) as {
      PlayerSessions: { Status: string }[]
    }
  ).PlayerSessions.map(({ Status }) => Status)

function aMatch(options: EngineOptionsPatch, setup: Parameters<typeof aDesk>[0] = {}): Desk {
  const desk = aDesk({ ...setup, options })
  start(desk, 'a')
  start(desk, 'b')
  return desk
}

/** Asks for `count` more of what there is one of already; the type of the refusal, or the number that was made. */
function more(desk: Desk, count: number, ask: (index: number) => Parameters<Desk['send']>): string | number {
  for (let index = 0; index < count; index++) {
    const [operation, input] = ask(index)
    const reply = desk.apply({ operation, input })
    if (!reply.ok) return reply.refusal.type
  }
  return count
}

/** One team; the rule as given. */
function oneTeam(size: number, attributes: object[], rules: object[]): string {
  return JSON.stringify({
    ruleLanguageVersion: '1.0',
    playerAttributes: attributes,
    teams: [{ name: 'all', minPlayers: size, maxPlayers: size }],
    rules,
  })
}

const PROOFS: Partial<Record<OptionPath, Proof>> = {
  seed: {
    story(options) {
      const desk = aDesk({ options })
      const input = { ConfigurationName: 'duel', Players: [{ PlayerId: 'p' }] }
      return (desk.send('StartMatchmaking', input) as { MatchmakingTicket: { TicketId: string } }).MatchmakingTicket
        .TicketId
    },
    endings: [
      ['one', 'gives generated ids', expect.stringMatching(UUID)],
      ['other', 'gives other ids', expect.stringMatching(UUID)],
    ],
  },
  region: {
    story: (options) => aMatch(options).ticket('a')?.ConfigurationArn,
    endings: [
      ['us-east-1', 'is in every ARN', expect.stringContaining(':gamelift:us-east-1:')],
      ['eu-west-1', 'is in every ARN', expect.stringContaining(':gamelift:eu-west-1:')],
    ],
  },
  accountId: {
    story: (options) => aMatch(options).ticket('a')?.ConfigurationArn,
    endings: [
      ['000000000000', 'is in every ARN', expect.stringContaining(':000000000000:')],
      ['123456789012', 'is in every ARN', expect.stringContaining(':123456789012:')],
    ],
  },
  tickMs: {
    story(options) {
      const desk = aMatch(options)
      desk.pass(300)
      return desk.status('a')
    },
    endings: [
      [1000, 'leaves a ticket QUEUED for a second', 'QUEUED'],
      [250, 'looks for matches four times a second', 'PLACING'],
    ],
  },
  'acceptance.pendingTickets': {
    story(options) {
      const desk = aMatch(options, { configuration: ACCEPTANCE })
      desk.pass(1000)
      answer(desk, 'a', 'REJECT')
      return desk.status('b')
    },
    endings: [
      ['cancel', 'cancels a ticket that had not answered when another rejected', 'CANCELLED'],
      ['requeue', 'sends a ticket back that had not answered when another rejected', 'SEARCHING'],
    ],
  },
  'acceptance.cancelledEvent': {
    story(options) {
      const desk = aMatch(options, { configuration: ACCEPTANCE })
      desk.pass(1000)
      answer(desk, 'b', 'ACCEPT')
      answer(desk, 'a', 'REJECT')
      return desk.headlines().slice(-3)
    },
    endings: [
      [
        true,
        'announces a rejecting ticket as cancelled',
        ['AcceptMatchCompleted Rejected a+b', 'MatchmakingCancelled a', 'MatchmakingSearching b'],
      ],
      [
        false,
        'cancels a rejecting ticket in silence',
        ['AcceptMatch a+b', 'AcceptMatchCompleted Rejected a+b', 'MatchmakingSearching b'],
      ],
    ],
  },
  'duplicatePlayer.textIn': {
    story(options) {
      const desk = aDesk({ options })
      start(desk, 'a', ['p'])
      start(desk, 'b', ['p'])
      const { StatusReason, StatusMessage } = desk.ticket('a') ?? {}
      return { StatusReason, StatusMessage }
    },
    endings: [
      [
        'StatusMessage',
        'tells of the duplicate in the message',
        { StatusReason: 'Cancelled', StatusMessage: 'Cancelled due to duplicate player' },
      ],
      [
        'StatusReason',
        'tells of the duplicate in the reason',
        { StatusReason: 'Cancelled due to duplicate player', StatusMessage: undefined },
      ],
    ],
  },
  missingAttribute: {
    story(options) {
      const ruleSet = oneTeam(1, [{ name: 'skill', type: 'number' }], [])
      const desk = aDesk({ options, ruleSet })
      const input = { TicketId: 'a', ConfigurationName: 'duel', Players: [{ PlayerId: 'p' }] }
      const reply = desk.apply({ operation: 'StartMatchmaking', input })
      desk.pass(120_000)
      return reply.ok ? desk.status('a') : reply.refusal.type
    },
    endings: [
      ['accept', 'takes a ticket that can never match and lets it time out', 'TIMED_OUT'],
      ['refuse', 'refuses a ticket that can never match', 'InvalidRequestException'],
    ],
  },
  'autoBackfill.reissueAfterTimeout': {
    story(options) {
      const { desk, arn } = aHalfFullSession({
        options,
        configuration: { BackfillMode: 'AUTOMATIC', RequestTimeoutSeconds: 10 },
      })
      desk.pass(10_000)
      return desk.matchmakerData(arn).autoBackfillTicketId
    },
    endings: [
      [true, 'follows a timed out ticket with a new one', expect.stringMatching(UUID)],
      [false, 'ends automatic backfill with a timed out ticket', null],
    ],
  },
  'placement.delayMs': {
    story(options) {
      const desk = aMatch(options)
      desk.pass(1500)
      return desk.status('a')
    },
    endings: [
      [2000, 'shows PLACING for two seconds', 'PLACING'],
      [0, 'completes with the match', 'COMPLETED'],
    ],
  },
  'placement.outcome': {
    story(options) {
      const desk = aMatch(options)
      desk.pass(31_500)
      return desk.told('a')
    },
    endings: [
      ['fulfil', 'starts a session', 'COMPLETED'],
      [
        'fail',
        'fails every placement',
        'FAILED | UNEXPECTED_ERROR | An unexpected error was encountered during match placing.',
      ],
      [
        'time-out',
        'lets every placement time out',
        'SEARCHING | PlacementTimedOut | Returned to matchmaking because no game session could be placed in time.',
      ],
    ],
  },
  'placement.maxActiveSessions': {
    story(options) {
      const desk = aMatch(options)
      start(desk, 'c')
      start(desk, 'd')
      desk.pass(5000)
      return desk.status('d')
    },
    endings: [
      [null, 'starts as many sessions as there are matches', 'COMPLETED'],
      [1, 'keeps a match waiting while one session runs', 'PLACING'],
    ],
  },
  'placement.searchingEventAfterTimeout': {
    story(options) {
      const desk = aMatch({ placement: { outcome: 'time-out', ...options.placement } })
      desk.pass(1000)
      desk.news()
      desk.pass(30_000)
      return desk.headlines().slice(0, 3)
    },
    endings: [
      [
        true,
        'announces tickets that a placement returned',
        ['PlacementTimedOut', 'MatchmakingSearching a', 'MatchmakingSearching b'],
      ],
      [false, 'returns tickets of a placement in silence', ['PlacementTimedOut']],
    ],
  },
  'gameSession.players': {
    story(options) {
      const desk = aMatch(options)
      desk.pass(70_000)
      return players(desk, 'a')
    },
    endings: [
      ['join', 'has players join', ['ACTIVE', 'ACTIVE']],
      ['wait', 'lets reservations expire', ['TIMEDOUT', 'TIMEDOUT']],
    ],
  },
  'gameSession.joinAfterMs': {
    story(options) {
      const desk = aMatch(options)
      desk.pass(8000)
      return players(desk, 'a')
    },
    endings: [
      [3000, 'has them join three seconds after the start', ['ACTIVE', 'ACTIVE']],
      [10_000, 'has them join ten seconds after the start', ['RESERVED', 'RESERVED']],
    ],
  },
  'matchmakerData.autoBackfillKeys': {
    story(options) {
      const { desk, arn } = aHalfFullSession({ options })
      return Object.keys(desk.matchmakerData(arn))
    },
    endings: [
      [
        'null',
        'shows both keys where there is no automatic backfill',
        ['matchId', 'matchmakingConfigurationArn', 'teams', 'autoBackfillMode', 'autoBackfillTicketId'],
      ],
      ['absent', 'leaves both keys out', ['matchId', 'matchmakingConfigurationArn', 'teams']],
    ],
  },
  'matchmakerData.defaults': {
    story(options) {
      const { desk, arn } = aHalfFullSession({ options })
      start(desk, 'c', [], { Players: [{ PlayerId: 'c-p', PlayerAttributes: { skill: { N: 9 } } }] })
      backfill(desk, 'again', arn)
      desk.pass(4000)
      const everyone = desk.matchmakerData(arn).teams.flatMap((team) => team.players)
      return Object.fromEntries(everyone.map(({ playerId, attributes }) => [playerId, attributes]))
    },
    endings: [
      [
        'leave-out',
        'shows what players sent',
        { 'a-p': {}, 'b-p': {}, 'c-p': { skill: { attributeType: 'DOUBLE', valueAttribute: 9 } } },
      ],
      [
        'show',
        'shows the default where a player sent nothing',
        {
          'a-p': { skill: { attributeType: 'DOUBLE', valueAttribute: 1 } },
          'b-p': { skill: { attributeType: 'DOUBLE', valueAttribute: 1 } },
          'c-p': { skill: { attributeType: 'DOUBLE', valueAttribute: 9 } },
        },
      ],
    ],
  },
  'latency.requireCommonRegion': {
    story(options) {
      const rules = [{ name: 'near', type: 'latency', maxLatency: 50 }]
      const desk = aDesk({ options, ruleSet: oneTeam(2, [], rules), configuration: STANDALONE })
      start(desk, 'a', [], { Players: [{ PlayerId: 'a', LatencyInMs: { 'us-east-1': 20 } }] })
      start(desk, 'b', [], { Players: [{ PlayerId: 'b', LatencyInMs: { 'eu-west-1': 20 } }] })
      desk.pass(2000)
      return desk.status('a')
    },
    endings: [
      [true, 'keeps players apart who are near to no Region in common', 'SEARCHING'],
      [false, 'asks only that each player is near to some Region', 'COMPLETED'],
    ],
  },
  partyValueWeight: {
    story(options) {
      const rules = [
        {
          name: 'even',
          type: 'comparison',
          measurements: ['avg(teams[all].players.attributes[skill])'],
          referenceValue: 22,
          operation: '<=',
        },
      ]
      const ruleSet = oneTeam(3, [{ name: 'skill', type: 'number' }], rules)
      const desk = aDesk({ options, ruleSet, configuration: STANDALONE })
      const player = (PlayerId: string, N: number) => ({ PlayerId, PlayerAttributes: { skill: { N } } })
      start(desk, 'party', [], { Players: [player('p', 10), player('q', 10)] })
      start(desk, 'single', [], { Players: [player('r', 40)] })
      desk.pass(2000)
      return desk.status('party')
    },
    endings: [
      ['player', 'counts a party of two twice: the average is 20', 'COMPLETED'],
      ['ticket', 'counts a party once: the average is 25', 'SEARCHING'],
    ],
  },
  stringPartyAggregation: {
    story(options) {
      const rules = [
        {
          name: 'same',
          type: 'comparison',
          measurements: ['flatten(teams[*].players.attributes[mode])'],
          operation: '=',
        },
      ]
      const ruleSet = oneTeam(2, [{ name: 'mode', type: 'string', default: 'x' }], rules)
      const desk = aDesk({ options, ruleSet, configuration: STANDALONE })
      start(desk, 'party', ['p', 'q'])
      desk.pass(2000)
      return desk.status('party')
    },
    endings: [
      ['perPlayer', 'compares the strings of a party player by player', 'COMPLETED'],
      ['failParties', 'never matches a party under a rule on strings', 'SEARCHING'],
    ],
  },
  'limits.configurations': {
    story: (options) =>
      more(aDesk({ options }), 2, (index) => [
        'CreateMatchmakingConfiguration',
        {
          Name: `more-${index}`,
          RuleSetName: RULES,
          RequestTimeoutSeconds: 1,
          AcceptanceRequired: false,
          ...STANDALONE,
        },
      ]),
    endings: [
      [300, 'makes more than two', 2],
      [2, 'makes two', 'LimitExceededException'],
    ],
  },
  'limits.ruleSets': {
    story: (options) =>
      more(aDesk({ options }), 2, (index) => [
        'CreateMatchmakingRuleSet',
        { Name: `more-${index}`, RuleSetBody: twoTeams(1) },
      ]),
    endings: [
      [1000, 'makes more than two', 2],
      [2, 'makes two', 'LimitExceededException'],
    ],
  },
  'limits.queues': {
    story: (options) =>
      more(aDesk({ options }), 2, (index) => [
        'CreateGameSessionQueue',
        { Name: `more-${index}`, TimeoutInSeconds: 10 },
      ]),
    endings: [
      [100, 'makes more than two', 2],
      [2, 'makes two', 'LimitExceededException'],
    ],
  },
  'limits.tagsPerResource': {
    story(options) {
      const desk = aMatch(options)
      const ResourceARN = desk.ticket('a')?.ConfigurationArn
      return more(desk, 3, (index) => ['TagResource', { ResourceARN, Tags: [{ Key: `k${index}`, Value: '' }] }])
    },
    endings: [
      [50, 'takes more than two', 3],
      [2, 'takes two', 'TaggingFailedException'],
    ],
  },
  'limits.finishedTickets': {
    story(options) {
      const desk = aMatch(options)
      desk.pass(5000)
      return [desk.status('a'), desk.status('b')]
    },
    endings: [
      [10_000, 'keeps what has ended', ['COMPLETED', 'COMPLETED']],
      [1, 'keeps one ticket that has ended', [undefined, 'COMPLETED']],
    ],
  },
  'limits.endedGameSessions': {
    story(options) {
      const desk = aMatch(options)
      desk.pass(5000)
      const GameSessionId = desk.sessionOf('a')
      desk.send('TerminateGameSession', { GameSessionId, TerminationMode: 'FORCE_TERMINATE' })
      desk.pass(5000)
      try {
        return desk.session(GameSessionId).Status
      } catch (refusal) {
        return (refusal as { type: string }).type
      }
    },
    endings: [
      [1000, 'keeps a session that has ended', 'TERMINATED'],
      [0, 'keeps none', 'NotFoundException'],
    ],
  },
  'limits.liveGameSessions': {
    story(options) {
      const desk = aMatch(options)
      start(desk, 'c')
      start(desk, 'd')
      desk.pass(5000)
      const { GameSessions } = desk.read('SearchGameSessions', {
        FleetId: desk.session(desk.sessionOf('a')).FleetId,
      }) as { GameSessions: unknown[] }
      return GameSessions.length
    },
    endings: [
      [10_000, 'lets sessions run', 2],
      [1, 'ends the oldest session for a new one', 1],
    ],
  },
}

/** Options of the engine around the core, and where each is tested both ways. */
const ELSEWHERE: Partial<Record<OptionPath, string>> = {
  'events.delayMs': 'lib/engine/delivery-plan.test.ts',
  'events.repeatPercent': 'lib/engine/delivery-plan.test.ts',
  'events.shuffleMs': 'lib/engine/delivery-plan.test.ts',
  'requestRates.enforced': 'lib/engine/wire/request-rates.test.ts',
  'requestRates.percent': 'lib/engine/wire/request-rates.test.ts',
}

function paths(options: object): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null ? Object.keys(value).map((inner) => `${name}.${inner}`) : name,
  )
}

function patchOf(path: string, value: unknown): EngineOptionsPatch {
  const [group, inner] = path.split('.') as [string, string | undefined]
  return { [group]: inner === undefined ? value : { [inner]: value } }
}

function defaultOf(path: string): unknown {
  const [group, inner] = path.split('.') as [keyof typeof DEFAULT_OPTIONS, string | undefined]
  const value = DEFAULT_OPTIONS[group]
  return inner === undefined ? value : (value as Record<string, unknown>)[inner]
}

it('is tested for every option there is', () => {
  expect([...Object.keys(PROOFS), ...Object.keys(ELSEWHERE)].sort()).toEqual(paths(DEFAULT_OPTIONS).sort())
  for (const [path, file] of Object.entries(ELSEWHERE)) {
    expect(existsSync(file) && readFileSync(file, 'utf8').includes(path), `${path} in ${file}`).toBe(true)
  }
})

describe.each(Object.entries(PROOFS))('%s', (path, { story, endings }) => {
  it.each(endings)('%j %s', (value, _does, ending) => {
    expect(story(patchOf(path, value))).toEqual(ending)
  })

  it('makes a difference, and its first value here is the default', () => {
    const told = endings.map(([value]) => JSON.stringify(story(patchOf(path, value))))
    expect(new Set(told).size).toBe(endings.length)
    if (path !== 'seed') expect(endings[0]?.[0]).toEqual(defaultOf(path))
  })
})
