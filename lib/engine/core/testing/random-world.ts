/** A world for a simulation, and what happens in it: everything follows from the seed. */
import type { Command, Engine, EngineOptions, EngineOptionsPatch } from '#lib/engine/core/contract.ts'
import { DEFAULT_OPTIONS, mergeOptions } from '#lib/engine/core/options.ts'
import type { LifeChecker } from './check-life.ts'

/** Uniform numbers from a seed (mulberry32). */
export class Dice {
  #state: number
  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995
  }
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  below(count: number): number {
    return Math.floor(this.next() * count)
  }
  chance(probability: number): boolean {
    return this.next() < probability
  }
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }
}

const body = (content: object) => JSON.stringify({ ruleLanguageVersion: '1.0', ...content })
const SKILL = { name: 'skill', type: 'number', default: 5 }
const ALL_SKILLS = 'flatten(teams[*].players.attributes[skill])'
const close = (maxDistance: number) => ({
  name: 'close',
  type: 'distance',
  measurements: [`max(${ALL_SKILLS})`],
  referenceValue: `min(${ALL_SKILLS})`,
  maxDistance,
})
export const RULE_SETS = {
  duel: body({ playerAttributes: [SKILL], teams: [{ name: 'side', minPlayers: 1, maxPlayers: 1, quantity: 2 }] }),
  squads: body({
    playerAttributes: [SKILL],
    teams: [
      { name: 'red', minPlayers: 1, maxPlayers: 2 },
      { name: 'blue', minPlayers: 1, maxPlayers: 2 },
    ],
    rules: [close(4)],
    expansions: [{ target: 'rules[close].maxDistance', steps: [{ waitTimeSeconds: 6, value: 10 }] }],
  }),
  crowd: body({
    playerAttributes: [SKILL, { name: 'mode', type: 'string' }],
    teams: [{ name: 'all', minPlayers: 3, maxPlayers: 5 }],
    rules: [
      {
        name: 'mode',
        type: 'comparison',
        measurements: ['flatten(teams[*].players.attributes[mode])'],
        operation: '=',
      },
    ],
    expansions: [{ target: 'teams[all].minPlayers', steps: [{ waitTimeSeconds: 9, value: 2 }] }],
  }),
  /** Nearly every kind of rule; a party's latency is that of its slowest player. */
  mixed: body({
    playerAttributes: [SKILL, { name: 'mode', type: 'string', default: 'x' }],
    algorithm: { strategy: 'exhaustiveSearch', backfillPriority: 'high', expansionAgeSelection: 'oldest' },
    teams: [{ name: 'side', minPlayers: 1, maxPlayers: 2, quantity: 2 }],
    rules: [
      close(4),
      { name: 'ping', type: 'latency', maxLatency: 60, partyAggregation: 'max' },
      { name: 'same', type: 'batchDistance', batchAttribute: 'mode' },
      { name: 'good', type: 'comparison', measurements: [`min(${ALL_SKILLS})`], operation: '>', referenceValue: 4 },
      { name: 'either', type: 'compound', statement: 'or(close, good)' },
      { name: 'nearest', type: 'distanceSort', sortDirection: 'ascending', sortAttribute: 'skill' },
    ],
    expansions: [{ target: 'rules[ping].maxLatency', steps: [{ waitTimeSeconds: 4, value: 90 }] }],
  }),
  /** A large match, though few will come. */
  royale: body({
    playerAttributes: [SKILL],
    algorithm: { strategy: 'balanced', balancedAttribute: 'skill', batchingPreference: 'fastestRegion' },
    teams: [
      { name: 'hunters', minPlayers: 1, maxPlayers: 21 },
      { name: 'hunted', minPlayers: 2, maxPlayers: 22 },
    ],
    rules: [{ name: 'band', type: 'batchDistance', batchAttribute: 'skill', maxDistance: 6 }],
    expansions: [{ target: 'teams[hunted].minPlayers', steps: [{ waitTimeSeconds: 9, value: 1 }] }],
  }),
}
const RULE_SET_NAMES = Object.keys(RULE_SETS)
const PLAYERS = 12

export function randomOptions(dice: Dice): EngineOptions {
  return mergeOptions(DEFAULT_OPTIONS, {
    seed: `simulation-${dice.below(1_000_000)}`,
    tickMs: dice.of([200, 1000, 1000, 3000]),
    acceptance: { pendingTickets: dice.of(['cancel', 'requeue']), cancelledEvent: dice.chance(0.7) },
    duplicatePlayer: { textIn: dice.of(['StatusMessage', 'StatusReason']) },
    placement: {
      delayMs: dice.of([0, 500, 2000, 2000]),
      maxActiveSessions: dice.of([null, null, 2]),
      searchingEventAfterTimeout: dice.chance(0.7),
    },
    gameSession: { players: dice.of(['join', 'wait']) },
    autoBackfill: { reissueAfterTimeout: dice.chance(0.5) },
    limits: { finishedTickets: dice.of([3, 1000]), endedGameSessions: 2, liveGameSessions: dice.of([2, 100]) },
  })
}

/** `emphasis`: whether matches wait for answers, or go on to sessions and their backfill. */
export type Emphasis = 'acceptance' | 'placement'

export function opening(dice: Dice, emphasis: Emphasis): Command[] {
  const acceptance = (probability: number) => ({
    AcceptanceRequired: dice.chance(probability),
    AcceptanceTimeoutSeconds: dice.of([3, 8, 20]),
  })
  const [rare, often] = emphasis === 'acceptance' ? [0.6, 1] : [0, 0.4]
  return [
    ...Object.entries(RULE_SETS).map(
      ([Name, RuleSetBody]): Command => ({
        operation: 'CreateMatchmakingRuleSet',
        input: { Name, RuleSetBody },
      }),
    ),
    { operation: 'CreateGameSessionQueue', input: { Name: 'queue', TimeoutInSeconds: dice.of([10, 15]) } },
    {
      operation: 'CreateMatchmakingConfiguration',
      input: {
        Name: 'ranked',
        RuleSetName: dice.of(RULE_SET_NAMES),
        RequestTimeoutSeconds: dice.of([10, 30, 90]),
        BackfillMode: dice.of(['AUTOMATIC', 'MANUAL']),
        GameSessionQueueArns: ['arn:aws:gamelift:us-east-1:000000000000:gamesessionqueue/queue'],
        ...acceptance(rare),
      },
    },
    {
      operation: 'CreateMatchmakingConfiguration',
      input: {
        Name: 'casual',
        RuleSetName: dice.of(RULE_SET_NAMES),
        RequestTimeoutSeconds: dice.of([10, 30]),
        FlexMatchMode: 'STANDALONE',
        ...acceptance(often),
      },
    },
  ]
}

export type Happening = Command | 'crash' | 'save' | { waitMs: number; ticking: boolean }

/** What happens next. Players are few, so the same one keeps coming back while an earlier ticket is still active. */
export function happening(
  dice: Dice,
  emphasis: Emphasis,
  engine: Engine,
  checker: LifeChecker,
  unique: number,
): Happening {
  const roll = dice.next()
  if (roll < 0.04) return 'crash'
  if (roll < 0.08) return 'save'
  if (roll < 0.34)
    return { waitMs: dice.of([0, 1, 200, 1000, 1000, 2000, 5000, 12_000, 40_000]), ticking: !dice.chance(0.1) }
  if (roll < 0.345) return { waitMs: dice.of([-5000, 300_000]), ticking: true }
  if (roll < 0.35) return { waitMs: dice.of([3_600_000, 40 * 86_400_000]), ticking: false }
  if (roll < 0.66) return start(dice, checker, unique)
  const lives = [...checker.lives]
  const someId = lives.length > 0 ? dice.of(lives)[0] : 'nobody'
  if (roll < (emphasis === 'acceptance' ? 0.86 : 0.74)) return answer(dice, checker, someId)
  if (roll < 0.89) return { operation: 'StopMatchmaking', input: { TicketId: someId } }
  if (roll < 0.95) return session(dice, engine, checker)
  if (roll < 0.975) return { operation: 'UpdateMatchmakingConfiguration', input: configurationChange(dice) }
  return { operation: 'SetOptions', input: optionChange(dice) }
}

function start(dice: Dice, checker: LifeChecker, unique: number): Command {
  const size = dice.of([1, 1, 1, 1, 2, 2, 3])
  const first = dice.below(PLAYERS)
  const Players = Array.from({ length: size }, (_, index) => ({
    PlayerId: `p${(first + index) % PLAYERS}`,
    PlayerAttributes: {
      ...(dice.chance(0.8) && { skill: { N: dice.below(10) } }),
      ...(dice.chance(0.9) && { mode: { S: dice.of(['x', 'x', 'y']) } }),
    },
    ...(dice.chance(0.8) && {
      LatencyInMs: { 'us-east-1': 10 + dice.below(90), ...(dice.chance(0.7) && { 'eu-west-1': 10 + dice.below(90) }) },
    }),
  }))
  const taken = [...checker.lives.keys()]
  const TicketId = taken.length > 0 && dice.chance(0.03) ? dice.of(taken) : dice.chance(0.2) ? '' : `t${unique}`
  return {
    operation: 'StartMatchmaking',
    input: { TicketId, ConfigurationName: dice.of(['ranked', 'casual']), Players },
  }
}

function answer(dice: Dice, checker: LifeChecker, someId: string): Command {
  const asked = [...checker.lives].filter(([, { status }]) => status === 'REQUIRES_ACCEPTANCE')
  const [TicketId, life] = asked.length > 0 && !dice.chance(0.05) ? dice.of(asked) : [someId, checker.lives.get(someId)]
  const all = life?.playerIds ?? ['nobody']
  const PlayerIds = dice.chance(0.2) ? [dice.of(all)] : dice.chance(0.03) ? [...all, 'p0'] : all
  return {
    operation: 'AcceptMatch',
    input: {
      TicketId,
      PlayerIds: PlayerIds[0] === undefined ? ['p0'] : PlayerIds,
      AcceptanceType: dice.chance(0.85) ? 'ACCEPT' : 'REJECT',
    },
  }
}

/** Something about a running session: its server asks for players, it ends, or it closes its doors. */
function session(dice: Dice, engine: Engine, checker: LifeChecker): Command {
  const arns = checker.sessionArns
  const arn = arns.length > 0 ? dice.of(arns) : 'arn:aws:gamelift:us-east-1::gamesession/x/y'
  if (dice.chance(0.7)) {
    const roster = rosterOf(engine, arn)
    const Players = roster.filter(() => dice.chance(0.7))
    return { operation: 'StartMatchBackfill', input: { ConfigurationName: 'ranked', GameSessionArn: arn, Players } }
  }
  if (dice.chance(0.5)) {
    return { operation: 'TerminateGameSession', input: { GameSessionId: arn, TerminationMode: 'FORCE_TERMINATE' } }
  }
  const PlayerSessionCreationPolicy = dice.of(['ACCEPT_ALL', 'DENY_ALL'])
  return { operation: 'UpdateGameSession', input: { GameSessionId: arn, PlayerSessionCreationPolicy } }
}

function rosterOf(engine: Engine, arn: string): { PlayerId: string; Team: string }[] {
  try {
    const { GameSessions } = engine.read('DescribeGameSessions', { GameSessionId: arn }, 0) as {
      GameSessions: { MatchmakerData: string }[]
    }
    const { teams } = JSON.parse(GameSessions[0]?.MatchmakerData ?? '{"teams":[]}') as {
      teams: { name: string; players: { playerId: string }[] }[]
    }
    return teams.flatMap(({ name, players }) => players.map(({ playerId }) => ({ PlayerId: playerId, Team: name })))
  } catch {
    return []
  }
}

function configurationChange(dice: Dice): Record<string, unknown> {
  return dice.of<Record<string, unknown>>([
    { Name: 'ranked', AcceptanceRequired: true, AcceptanceTimeoutSeconds: dice.of([2, 8]) },
    { Name: 'ranked', AcceptanceRequired: false },
    { Name: 'ranked', RequestTimeoutSeconds: dice.of([5, 60]) },
    { Name: 'casual', RequestTimeoutSeconds: dice.of([5, 60]) },
    { Name: 'ranked', AdditionalPlayerCount: dice.below(2) },
    { Name: 'ranked', RuleSetName: dice.of(RULE_SET_NAMES) },
    { Name: 'casual', RuleSetName: dice.of(RULE_SET_NAMES) },
    { Name: 'ranked', BackfillMode: dice.of(['AUTOMATIC', 'MANUAL']) },
  ])
}

function optionChange(dice: Dice): EngineOptionsPatch {
  return dice.of<EngineOptionsPatch>([
    { placement: { outcome: dice.of(['fail', 'time-out', 'fulfil', 'fulfil']) } },
    { placement: { maxActiveSessions: dice.of([null, 0, 1]) } },
    { acceptance: { pendingTickets: dice.of(['cancel', 'requeue']), cancelledEvent: dice.chance(0.5) } },
    { tickMs: dice.of([200, 1000]) },
    { matchmakerData: { defaults: dice.of(['show', 'leave-out']) } },
  ])
}
