import { describe, expect, it } from 'vitest'
import type { ForceCommand } from './contract.ts'
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

function force(desk: Desk, command: ForceCommand): Record<string, unknown> {
  const reply = desk.apply(command)
  if (!reply.ok) throw reply.refusal
  return reply.output
}

/** Sends a force command that must be refused, and checks that it left no trace. */
function refusal(desk: Desk, command: ForceCommand): string {
  const before = desk.engine.snapshot()
  const reply = desk.apply(command)
  if (reply.ok) throw new Error(`${command.operation} was not refused.`)
  expect(reply.events).toEqual([])
  expect(desk.engine.snapshot()).toBe(before)
  return `${reply.refusal.type}: ${reply.refusal.message}`
}

const match = (ticketIds: string[], more = {}): ForceCommand => ({
  operation: 'ForceMatch',
  input: { ticketIds, ...more },
})
/** What came out since the last call; with a star what is marked as forced. */
function marked(desk: Desk): string[] {
  const first = desk.events.length - desk.news().length
  return desk.events.slice(first).map(({ detail, forced }) => `${forced ? '*' : ''}${detail.type}`)
}

const STRICT = JSON.stringify({
  ruleLanguageVersion: '1.0',
  playerAttributes: [{ name: 'skill', type: 'number', default: 1 }],
  teams: [
    { name: 'red', minPlayers: 1, maxPlayers: 2 },
    { name: 'blue', minPlayers: 1, maxPlayers: 2 },
  ],
  rules: [
    {
      name: 'never',
      type: 'comparison',
      measurements: ['count(teams[red].players)'],
      operation: '>',
      referenceValue: 5,
    },
    { name: 'close', type: 'batchDistance', batchAttribute: 'skill', maxDistance: 10 },
  ],
})

describe('a forced match', () => {
  it('takes queued and searching tickets on the documented way, whatever the rules say', () => {
    const desk = aDesk({ ruleSet: STRICT })
    start(desk, 'old')
    desk.pass(5000)
    desk.news()
    start(desk, 'new')
    expect(force(desk, match(['new', 'old']))).toEqual({
      matchId: expect.any(String),
      tickets: [
        { ticketId: 'new', status: 'PLACING', statusReason: null, teams: ['red'] },
        { ticketId: 'old', status: 'PLACING', statusReason: null, teams: ['blue'] },
      ],
      brokenRules: ['never'],
      unmatchable: [],
    })
    expect(desk.headlines()).toEqual(['MatchmakingSearching new', 'PotentialMatchCreated new+old'])
    desk.pass(2000)
    expect(desk.headlines()).toEqual(['PlacementFulfilled', 'MatchmakingSucceeded new+old'])
    expect(desk.status('old')).toBe('COMPLETED')
  })

  it('tells with its potential match which rules held and which did not', () => {
    const desk = aDesk({ ruleSet: STRICT, configuration: STANDALONE })
    start(desk, 'a')
    start(desk, 'b')
    force(desk, match(['a', 'b']))
    expect(desk.news()[2]).toMatchObject({
      type: 'PotentialMatchCreated',
      ruleEvaluationMetrics: [
        { ruleName: 'never', passedCount: 0, failedCount: 1 },
        { ruleName: 'close', passedCount: 1, failedCount: 0 },
      ],
    })
    expect(desk.headlines()).toEqual([])
    expect(desk.status('a')).toBe('COMPLETED')
  })

  it('waits for acceptance where the configuration wants it, and is marked to its end', () => {
    const desk = aDesk({ configuration: ACCEPTANCE })
    start(desk, 'a')
    start(desk, 'b')
    start(desk, 'c')
    expect(force(desk, match(['a', 'b']))).toMatchObject({ tickets: [{ status: 'REQUIRES_ACCEPTANCE' }, {}] })
    expect(marked(desk)).toEqual(['*MatchmakingSearching', '*MatchmakingSearching', '*PotentialMatchCreated'])
    desk.pass(1000)
    expect(marked(desk)).toEqual(['MatchmakingSearching']) // c, which was in nobody's match
    answer(desk, 'a', 'ACCEPT')
    answer(desk, 'b', 'ACCEPT')
    desk.pass(3000)
    const accepted = ['*AcceptMatch', '*AcceptMatch', '*AcceptMatchCompleted']
    expect(marked(desk)).toEqual([...accepted, '*PlacementFulfilled', '*MatchmakingSucceeded'])
  })

  it('marks what becomes of its tickets when it is dropped, and nothing after that', () => {
    const desk = aDesk({ configuration: ACCEPTANCE })
    start(desk, 'a')
    start(desk, 'b')
    force(desk, match(['a', 'b']))
    desk.news()
    answer(desk, 'a', 'ACCEPT')
    answer(desk, 'b', 'REJECT')
    const dropped = ['*AcceptMatchCompleted', '*MatchmakingCancelled', '*MatchmakingSearching']
    expect(marked(desk)).toEqual(['*AcceptMatch', '*AcceptMatch', ...dropped])
    desk.pass(200_000)
    expect(marked(desk)).toEqual(['MatchmakingTimedOut'])
    expect(JSON.parse(desk.engine.snapshot()).forcedMatches).toEqual([])
  })

  it('keeps its mark over a snapshot', () => {
    const desk = aDesk()
    start(desk, 'a')
    start(desk, 'b')
    force(desk, match(['a', 'b']))
    const later = desk.reopened(desk.engine.snapshot())
    later.pass(5000)
    expect(later.events.map(({ detail, forced }) => [detail.type, forced])).toEqual([
      ['PlacementFulfilled', true],
      ['MatchmakingSucceeded', true],
    ])
  })

  it('puts tickets on the teams asked for, and fills the rest around them', () => {
    const desk = aDesk({ ruleSet: twoTeams(2), configuration: STANDALONE })
    start(desk, 'pair', ['p1', 'p2'])
    start(desk, 'x')
    start(desk, 'y')
    expect(force(desk, match(['x', 'y', 'pair'], { teams: { y: 'blue' } }))).toMatchObject({
      tickets: [{ teams: ['blue'] }, { teams: ['blue'] }, { teams: ['red', 'red'] }],
    })
  })

  it('joins a backfill request to its session', () => {
    const { desk, arn } = aHalfFullSession()
    backfill(desk, 'fill', arn)
    start(desk, 'late')
    expect(force(desk, match(['late', 'fill'], { teams: { late: 'blue' } }))).toMatchObject({
      tickets: [
        { ticketId: 'late', teams: ['blue'] },
        { ticketId: 'fill', teams: ['red', 'blue'] },
      ],
    })
    desk.pass(3000)
    expect(desk.sessionOf('late')).toBe(arn)
    expect(desk.matchmakerData(arn).teams.find(({ name }) => name === 'blue')?.players).toHaveLength(2)
  })

  it('reports tickets that no match could have', () => {
    const ruleSet = STRICT.replace(',"default":1', '')
    const desk = aDesk({ ruleSet })
    start(desk, 'a')
    start(desk, 'b')
    const reason = (player: string) => `player ${player} has no number value for attribute "skill"`
    expect(force(desk, match(['a', 'b']))).toMatchObject({
      brokenRules: [],
      unmatchable: [
        { ticketId: 'a', reason: reason('a-p') },
        { ticketId: 'b', reason: reason('b-p') },
      ],
    })
  })

  it('takes team sizes as they are now', () => {
    const grown = JSON.parse(twoTeams(1))
    grown.expansions = [{ target: 'teams[blue].maxPlayers', steps: [{ waitTimeSeconds: 10, value: 2 }] }]
    const desk = aDesk({ ruleSet: JSON.stringify(grown), configuration: STANDALONE })
    start(desk, 'pair', ['p1', 'p2'])
    start(desk, 'x')
    expect(refusal(desk, match(['pair', 'x']))).toBe(
      'InvalidRequestException: The tickets have 3 players; a match has at most 2 now.',
    )
    desk.set({ tickMs: 60_000 }) // or the match would form by itself
    desk.pass(10_000)
    expect(force(desk, match(['pair', 'x']))).toMatchObject({ tickets: [{ teams: ['blue', 'blue'] }, {}] })
  })

  it('keeps the slots free that the configuration reserves', () => {
    const desk = aDesk({ configuration: { AdditionalPlayerCount: 1 } })
    start(desk, 'a')
    start(desk, 'b')
    expect(refusal(desk, match(['a', 'b']))).toContain('The tickets have 2 players; a match has at most 1 now.')
  })

  it('names the ticket and the reason when it is refused', () => {
    const desk = aDesk({ ruleSet: twoTeams(2, 1) })
    desk.send('CreateMatchmakingConfiguration', {
      Name: 'other',
      RuleSetName: 'rules',
      RequestTimeoutSeconds: 60,
      AcceptanceRequired: false,
      ...STANDALONE,
    })
    for (const ticketId of ['a', 'b', 'c']) start(desk, ticketId)
    start(desk, 'elsewhere', ['e'], { ConfigurationName: 'other' })
    start(desk, 'three', ['t1', 't2', 't3'])
    desk.send('StopMatchmaking', { TicketId: 'c' })
    const because = (ticketIds: string[], more = {}) => refusal(desk, match(ticketIds, more))
    const invalid = 'InvalidRequestException: '
    expect(because(['a', 'nobody'])).toBe('NotFoundException: Matchmaking ticket nobody does not exist.')
    expect(because([])).toBe(`${invalid}ticketIds must name at least one ticket that is no backfill request.`)
    expect(because(['a', 'b', 'a'])).toBe(`${invalid}Matchmaking ticket a is named twice.`)
    expect(because(['a', 'c'])).toBe(
      `${invalid}Matchmaking ticket c is in CANCELLED status; only QUEUED and SEARCHING can be matched.`,
    )
    expect(because(['a', 'elsewhere'])).toBe(
      `${invalid}Matchmaking ticket elsewhere is of configuration other, not of duel; a match has one configuration.`,
    )
    expect(because(['a', 'b'], { configurationName: 'other' })).toContain(
      'ticket a is of configuration duel, not of other',
    )
    expect(because(['a'])).toBe(
      `${invalid}The tickets do not fill the teams: a has 1; team red takes 1 to 2, team blue takes 1 to 2.`,
    )
    expect(because(['a', 'three'])).toContain('a has 1, three has 3')
    expect(because(['a', 'b'], { teams: { a: 'green' } })).toBe(
      `${invalid}Ticket a cannot be on team green: the rule set has red, blue.`,
    )
    expect(because(['a', 'b'], { teams: { c: 'red' } })).toBe(
      `${invalid}teams names ticket c, which is not among ticketIds.`,
    )
    expect(because(['a', 'b'], { teams: { a: 'red', b: 'red' } })).toContain('do not fill the teams')
  })

  it('is refused with two backfills, with one alone, and for a session that takes nobody', () => {
    const { desk, arn } = aHalfFullSession()
    start(desk, 'c')
    start(desk, 'd')
    desk.pass(3000)
    backfill(desk, 'fill', arn)
    backfill(desk, 'other', desk.sessionOf('c'), ['c-p', 'd-p'])
    start(desk, 'x')
    const because = (ticketIds: string[], more = {}) => refusal(desk, match(ticketIds, more))
    expect(because(['fill'])).toContain('at least one ticket that is no backfill request')
    expect(because(['fill', 'x', 'other'])).toContain('tickets fill and other are both backfill requests')
    expect(because(['fill', 'x'], { teams: { fill: 'red' } })).toContain('has its players on their teams already')
    desk.send('UpdateGameSession', { GameSessionId: arn, PlayerSessionCreationPolicy: 'DENY_ALL' })
    expect(because(['fill', 'x'])).toContain('The game session of backfill request fill takes no players any more.')
  })
})

describe('forced outcomes', () => {
  it('let the time to accept run out', () => {
    const desk = aDesk({ configuration: ACCEPTANCE })
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(1000)
    answer(desk, 'a', 'ACCEPT')
    desk.news()
    expect(force(desk, { operation: 'ForceAcceptanceTimeout', input: { ticketId: 'b' } })).toEqual({
      matchId: expect.any(String),
      tickets: [
        { ticketId: 'a', status: 'SEARCHING', statusReason: 'AcceptanceFailed' },
        { ticketId: 'b', status: 'CANCELLED', statusReason: 'AcceptanceTimedOut' },
      ],
    })
    expect(marked(desk)).toEqual(['*AcceptMatchCompleted', '*MatchmakingCancelled', '*MatchmakingSearching'])
  })

  it('let a placement fail', () => {
    const desk = aDesk()
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(1000)
    desk.news()
    const { matchId } = force(desk, { operation: 'ForcePlacementFailure', input: { ticketId: 'a' } })
    expect(marked(desk)).toEqual(['*PlacementFailed', '*MatchmakingFailed', '*MatchmakingFailed'])
    expect(desk.status('b')).toBe('FAILED')
    expect(refusal(desk, { operation: 'ForcePlacementFailure', input: { matchId: matchId as string } })).toBe(
      `NotFoundException: No match ${matchId} is under way.`,
    )
  })

  it('let a placement time out', () => {
    const desk = aDesk()
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(1000)
    desk.news()
    force(desk, { operation: 'ForcePlacementTimeout', input: { ticketId: 'a' } })
    expect(marked(desk)).toEqual(['*PlacementTimedOut', '*MatchmakingSearching', '*MatchmakingSearching'])
    desk.pass(5000)
    expect(desk.status('a')).toBe('COMPLETED')
    expect(marked(desk).filter((headline) => headline.startsWith('*'))).toEqual([])
  })

  it('let a ticket time out, queued or searching', () => {
    const desk = aDesk()
    start(desk, 'a')
    force(desk, { operation: 'ForceTicketTimeout', input: { ticketId: 'a' } })
    expect(marked(desk)).toEqual(['*MatchmakingTimedOut'])
    start(desk, 'b')
    desk.pass(1000)
    desk.news()
    expect(force(desk, { operation: 'ForceTicketTimeout', input: { ticketId: 'b' } })).toEqual({
      tickets: [{ ticketId: 'b', status: 'TIMED_OUT', statusReason: 'TimedOut' }],
    })
    expect(marked(desk)).toEqual(['*MatchmakingTimedOut'])
  })

  it('leave the same state and tell the same story as time does', () => {
    const story = (force_: boolean) => {
      const desk = aDesk({ configuration: ACCEPTANCE })
      start(desk, 'a')
      start(desk, 'b')
      desk.pass(1000)
      desk.news()
      if (force_) force(desk, { operation: 'ForceAcceptanceTimeout', input: { ticketId: 'a' } })
      else desk.pass(20_000)
      return [desk.headlines(), desk.told('a'), desk.told('b')]
    }
    expect(story(true)).toEqual(story(false))
  })

  it('are refused on what is not there or not that far, with the status', () => {
    const desk = aDesk({ configuration: ACCEPTANCE })
    start(desk, 'a')
    start(desk, 'b')
    const on = (operation: ForceCommand['operation'], ticketId: string) =>
      refusal(desk, { operation, input: { ticketId } } as ForceCommand)
    expect(on('ForceAcceptanceTimeout', 'nobody')).toBe('NotFoundException: Matchmaking ticket nobody does not exist.')
    expect(on('ForceAcceptanceTimeout', 'a')).toContain(
      'ticket a is in QUEUED status and in no match that is under way.',
    )
    desk.pass(1000)
    expect(on('ForcePlacementFailure', 'a')).toMatch(
      /^InvalidRequestException: Match \S+ \(a, b\) is in REQUIRES_ACCEPTANCE status; only a match in PLACING has a placement\.$/,
    )
    expect(on('ForceTicketTimeout', 'a')).toContain(
      'is in REQUIRES_ACCEPTANCE status; only a ticket in QUEUED or SEARCHING',
    )
    answer(desk, 'a', 'ACCEPT')
    answer(desk, 'b', 'ACCEPT')
    expect(on('ForceAcceptanceTimeout', 'a')).toContain(
      'is in PLACING status; only a match in REQUIRES_ACCEPTANCE waits',
    )
    desk.pass(3000)
    expect(on('ForcePlacementTimeout', 'a')).toContain('is in COMPLETED status and in no match')
  })

  it('cannot time out the placement of a backfill, for no queue places it, but can let it fail', () => {
    const { desk, arn } = aHalfFullSession()
    backfill(desk, 'fill', arn)
    start(desk, 'late')
    desk.pass(1000)
    expect(desk.status('fill')).toBe('PLACING')
    expect(refusal(desk, { operation: 'ForcePlacementTimeout', input: { ticketId: 'fill' } })).toContain(
      'fills a running game session; no queue places it, so none can time out',
    )
    desk.news()
    force(desk, { operation: 'ForcePlacementFailure', input: { ticketId: 'fill' } })
    expect(marked(desk)).toEqual(['*MatchmakingFailed', '*MatchmakingFailed'])
  })
})
