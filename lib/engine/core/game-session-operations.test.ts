import { describe, expect, it } from 'vitest'
import { aDesk, aHalfFullSession, backfill, type Desk, type Setup, START_MS, start } from './testing/desk.ts'

/** Sessions of two players each; session i has players `s<i>-1` and `s<i>-2`. */
function sessions(count: number, setup: Setup = {}): { desk: Desk; arns: string[]; fleetId: unknown } {
  const desk = aDesk(setup)
  const arns: string[] = []
  for (let i = 0; i < count; i++) {
    start(desk, `s${i}-1`, [`s${i}-1`])
    start(desk, `s${i}-2`, [`s${i}-2`])
    desk.pass(3000)
    arns.push(desk.sessionOf(`s${i}-1`))
  }
  return { desk, arns, fleetId: desk.session(arns[0]).FleetId }
}
type Listed = { GameSessions: { GameSessionId: string }[]; NextToken?: string }
const ids = (output: unknown) => (output as Listed).GameSessions.map(({ GameSessionId }) => GameSessionId)

describe('a game session', () => {
  it('has the fields of a FlexMatch session, its configuration’s properties and data', () => {
    const { desk, arns } = sessions(1, {
      configuration: { GameProperties: [{ Key: 'map', Value: 'ruins' }], GameSessionData: 'blob' },
    })
    expect(desk.session(arns[0])).toEqual({
      GameSessionId: arns[0],
      FleetId: expect.stringMatching(/^fleet-[0-9a-f-]{36}$/),
      FleetArn: expect.stringMatching(/^arn:aws:gamelift:us-east-1::fleet\/fleet-[0-9a-f-]{36}$/),
      CreationTime: new Date(START_MS + 3000),
      CurrentPlayerSessionCount: 2,
      MaximumPlayerSessionCount: 2,
      Status: 'ACTIVE',
      GameProperties: [{ Key: 'map', Value: 'ruins' }],
      IpAddress: '127.0.0.1',
      DnsName: expect.stringMatching(/\.us-east-1\.amazongamelift\.com$/),
      Port: 20_000,
      PlayerSessionCreationPolicy: 'ACCEPT_ALL',
      GameSessionData: 'blob',
      MatchmakerData: expect.any(String),
      Location: 'us-east-1',
      ComputeName: expect.stringMatching(/^i-/),
      PlayerGatewayStatus: 'DISABLED',
    })
  })

  it('tells the server of teams and declared attributes as they were sent', () => {
    const ruleSet = JSON.stringify({
      ruleLanguageVersion: '1.0',
      playerAttributes: [
        { name: 'n', type: 'number', default: 7 },
        { name: 's', type: 'string', default: 'x' },
        { name: 'l', type: 'string_list', default: [] },
        { name: 'm', type: 'string_number_map', default: { a: 1 } },
      ],
      teams: [{ name: 'squad', minPlayers: 1, maxPlayers: 1, quantity: 2 }],
    })
    const desk = aDesk({ ruleSet })
    const attributes = { n: { N: 10 }, s: { S: 'a' }, l: { SL: ['b'] }, m: { SDM: { c: 2 } }, undeclared: { N: 1 } }
    start(desk, 'a', [], {
      Players: [{ PlayerId: 'ada', PlayerAttributes: attributes, LatencyInMs: { 'us-east-1': 5 } }],
    })
    start(desk, 'b', ['bo'])
    desk.pass(3000)
    const data = desk.matchmakerData(desk.sessionOf('a'))
    expect(data).toEqual({
      matchId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      matchmakingConfigurationArn: 'arn:aws:gamelift:us-east-1:000000000000:matchmakingconfiguration/duel',
      teams: [
        { name: 'squad_1', players: [expect.anything()] },
        { name: 'squad_2', players: [expect.anything()] },
      ],
      autoBackfillMode: null,
      autoBackfillTicketId: null,
    })
    const players = data.teams.flatMap((team) => team.players)
    expect(players.find(({ playerId }) => playerId === 'bo')?.attributes).toEqual({})
    expect(players.find(({ playerId }) => playerId === 'ada')?.attributes).toEqual({
      n: { attributeType: 'DOUBLE', valueAttribute: 10 },
      s: { attributeType: 'STRING', valueAttribute: 'a' },
      l: { attributeType: 'STRING_LIST', valueAttribute: ['b'] },
      m: { attributeType: 'STRING_DOUBLE_MAP', valueAttribute: { c: 2 } },
    })
  })
})

describe('player sessions', () => {
  it('are joined after a while', () => {
    const { desk, arns } = sessions(1)
    const statuses = () =>
      (desk.read('DescribePlayerSessions', { GameSessionId: arns[0] }).PlayerSessions as { Status: string }[]).map(
        ({ Status }) => Status,
      )
    expect(statuses()).toEqual(['RESERVED', 'RESERVED'])
    desk.pass(3000)
    expect(statuses()).toEqual(['ACTIVE', 'ACTIVE'])
    expect(desk.engine.dueAtMs()).toBeNull()
  })

  it('expire after 60 s when nobody joins, and no longer count', () => {
    const { desk, arns } = sessions(1, { options: { gameSession: { players: 'wait' } } })
    desk.pass(59_999)
    expect(desk.session(arns[0]).CurrentPlayerSessionCount).toBe(2)
    desk.pass(1)
    expect(desk.session(arns[0]).CurrentPlayerSessionCount).toBe(0)
    const input = { GameSessionId: arns[0], PlayerSessionStatusFilter: 'TIMEDOUT' }
    expect(desk.read('DescribePlayerSessions', input).PlayerSessions).toMatchObject([
      { Status: 'TIMEDOUT', TerminationTime: new Date(START_MS + 63_000) },
      { Status: 'TIMEDOUT' },
    ])
  })

  it('are found by their own id, by game session with a status, and by player', () => {
    const { desk, arns } = sessions(2)
    start(desk, 'again', ['s0-1'])
    start(desk, 'again-too', ['x'])
    desk.pass(3000)
    const byPlayer = desk.read('DescribePlayerSessions', { PlayerId: 's0-1', PlayerSessionStatusFilter: 'TIMEDOUT' })
    expect(byPlayer.PlayerSessions).toMatchObject([
      { GameSessionId: arns[0] },
      { GameSessionId: desk.sessionOf('again') },
    ])
    const [{ PlayerSessionId }] = byPlayer.PlayerSessions as [{ PlayerSessionId: string }]
    expect(desk.read('DescribePlayerSessions', { PlayerSessionId }).PlayerSessions).toMatchObject([
      { PlayerSessionId, PlayerId: 's0-1', FleetId: expect.any(String), IpAddress: '127.0.0.1', Port: 20_000 },
    ])
    const reserved = { GameSessionId: arns[0], PlayerSessionStatusFilter: 'RESERVED' }
    expect(desk.read('DescribePlayerSessions', reserved).PlayerSessions).toEqual([])
    expect(desk.read('DescribePlayerSessions', { PlayerId: 'nobody' }).PlayerSessions).toEqual([])
    expect(() => desk.read('DescribePlayerSessions', { PlayerSessionId: 'psess-x' })).toThrow(/does not exist/)
    expect(() => desk.read('DescribePlayerSessions', {})).toThrow(/Exactly one of/)
  })
})

describe('DescribeGameSessions', () => {
  it('finds by fleet, status and location', () => {
    const { desk, arns, fleetId } = sessions(2)
    desk.send('TerminateGameSession', { GameSessionId: arns[0], TerminationMode: 'FORCE_TERMINATE' })
    desk.pass(1000)
    const find = (input: Record<string, unknown>) =>
      ids(desk.read('DescribeGameSessions', { FleetId: fleetId, ...input }))
    expect(find({})).toEqual(arns)
    expect(find({ StatusFilter: 'ACTIVE' })).toEqual([arns[1]])
    expect(find({ StatusFilter: 'TERMINATED' })).toEqual([arns[0]])
    expect(find({ Location: 'eu-west-1' })).toEqual([])
  })

  it('wants exactly one of its selectors, and one that exists', () => {
    const { desk, arns, fleetId } = sessions(1)
    const describe = (input: Record<string, unknown>) => () => desk.read('DescribeGameSessions', input)
    expect(describe({})).toThrow(/Exactly one of FleetId, AliasId, GameSessionId must be given; none is/)
    expect(describe({ FleetId: fleetId, GameSessionId: arns[0] })).toThrow(/FleetId and GameSessionId is/)
    expect(describe({ FleetId: 'fleet-unknown' })).toThrow(expect.objectContaining({ type: 'NotFoundException' }))
    expect(describe({ AliasId: 'alias-unknown' })).toThrow(expect.objectContaining({ type: 'NotFoundException' }))
    expect(describe({ GameSessionId: `${arns[0]}x` })).toThrow(expect.objectContaining({ type: 'NotFoundException' }))
  })

  it('pages, and goes on behind the last session even when others have gone', () => {
    const { desk, arns, fleetId } = sessions(5, { options: { limits: { endedGameSessions: 0 } } })
    const first = desk.read('DescribeGameSessions', { FleetId: fleetId, Limit: 2 }) as unknown as Listed
    expect(ids(first)).toEqual(arns.slice(0, 2))
    desk.send('TerminateGameSession', { GameSessionId: arns[0], TerminationMode: 'FORCE_TERMINATE' })
    desk.pass(1000)
    const next = { FleetId: fleetId, Limit: 3, NextToken: first.NextToken }
    const last = desk.read('DescribeGameSessions', next) as unknown as Listed
    expect(ids(last)).toEqual(arns.slice(2))
    expect(last).not.toHaveProperty('NextToken')
    for (const NextToken of ['nonsense', '!', btoa('["SearchGameSessions",1]'), btoa('[]'), btoa('null')]) {
      expect(() => desk.read('DescribeGameSessions', { FleetId: fleetId, NextToken })).toThrow(
        /NextToken is not a token/,
      )
    }
  })

  it('gives details with the protection policy', () => {
    const { desk, arns } = sessions(1)
    desk.send('UpdateGameSession', { GameSessionId: arns[0], ProtectionPolicy: 'FullProtection' })
    expect(desk.read('DescribeGameSessionDetails', { GameSessionId: arns[0] })).toEqual({
      GameSessionDetails: [{ GameSession: desk.session(arns[0]), ProtectionPolicy: 'FullProtection' }],
    })
  })

  it('knows the fleets and aliases that queues name before any session runs there', () => {
    const desk = aDesk({
      queue: {
        Destinations: [
          { DestinationArn: 'arn:aws:gamelift:us-east-1::alias/alias-1' },
          { DestinationArn: 'arn:aws:gamelift:us-east-1::fleet/fleet-1' },
        ],
      },
    })
    expect(desk.read('DescribeGameSessions', { FleetId: 'fleet-1' })).toEqual({ GameSessions: [] })
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(3000)
    expect(ids(desk.read('DescribeGameSessions', { AliasId: 'alias-1' }))).toEqual([desk.sessionOf('a')])
  })
})

describe('SearchGameSessions', () => {
  it('finds active sessions by filter, sorted, twenty at most', () => {
    const { desk, arns, fleetId } = sessions(23)
    arns.forEach((GameSessionId, i) => {
      desk.send('UpdateGameSession', { GameSessionId, Name: `name ${String(i).padStart(2, '0')}` })
    })
    desk.send('TerminateGameSession', { GameSessionId: arns[22], TerminationMode: 'FORCE_TERMINATE' })
    const search = (input: Record<string, unknown>) =>
      desk.read('SearchGameSessions', { FleetId: fleetId, ...input }) as unknown as Listed
    const first = search({ Limit: 50, SortExpression: 'gameSessionName DESC' })
    expect(ids(first)).toEqual(arns.slice(2, 22).reverse())
    const second = search({ SortExpression: 'gameSessionName DESC', NextToken: first.NextToken })
    expect(ids(second)).toEqual([arns[1], arns[0]])
    expect(ids(search({ FilterExpression: "gameSessionName = 'name 03' OR gameSessionName = 'name 22'" }))).toEqual([
      arns[3],
    ])
    expect(() => search({ AliasId: 'x' })).toThrow(/Exactly one of/)
  })
})

describe('UpdateGameSession', () => {
  it('changes what is given and merges properties', () => {
    const { desk, arns } = sessions(1, {
      configuration: {
        GameProperties: [
          { Key: 'map', Value: 'ruins' },
          { Key: 'mode', Value: 'ffa' },
        ],
      },
    })
    const { GameSession } = desk.send('UpdateGameSession', {
      GameSessionId: arns[0],
      MaximumPlayerSessionCount: 8,
      Name: 'final',
      PlayerSessionCreationPolicy: 'DENY_ALL',
      GameProperties: [
        { Key: 'mode', Value: 'duel' },
        { Key: 'new', Value: '1' },
      ],
    })
    expect(GameSession).toMatchObject({
      MaximumPlayerSessionCount: 8,
      Name: 'final',
      PlayerSessionCreationPolicy: 'DENY_ALL',
      GameProperties: [
        { Key: 'map', Value: 'ruins' },
        { Key: 'mode', Value: 'duel' },
        { Key: 'new', Value: '1' },
      ],
    })
  })

  it('refuses too much, and what is not there or not active', () => {
    const { desk, arns } = sessions(1)
    const GameSessionId = arns[0]
    const update = (input: Record<string, unknown>) =>
      desk.refused('UpdateGameSession', { GameSessionId, ...input }).type
    expect(update({ MaximumPlayerSessionCount: 201 })).toBe('InvalidRequestException')
    const GameProperties = Array.from({ length: 17 }, (_, i) => ({ Key: `k${i}`, Value: 'v' }))
    expect(update({ GameProperties })).toBe('InvalidRequestException')
    expect(update({ GameSessionId: 'arn:aws:gamelift:us-east-1::gamesession/x/y' })).toBe('NotFoundException')
    desk.send('TerminateGameSession', { GameSessionId, TerminationMode: 'FORCE_TERMINATE' })
    expect(update({ Name: 'late' })).toBe('InvalidGameSessionStatusException')
  })
})

describe('TerminateGameSession', () => {
  it.each([
    ['FORCE_TERMINATE', 'FORCE_TERMINATED'],
    ['TRIGGER_ON_PROCESS_TERMINATE', 'TRIGGERED_ON_PROCESS_TERMINATE'],
  ])('with %s is TERMINATING, then TERMINATED with its players gone', (TerminationMode, StatusReason) => {
    const { desk, arns } = sessions(1)
    const { GameSession } = desk.send('TerminateGameSession', { GameSessionId: arns[0], TerminationMode })
    expect(GameSession).toMatchObject({ Status: 'TERMINATING', StatusReason })
    desk.pass(1000)
    expect(desk.session(arns[0])).toMatchObject({
      Status: 'TERMINATED',
      StatusReason,
      TerminationTime: new Date(desk.nowMs),
      CurrentPlayerSessionCount: 0,
    })
    expect(desk.read('DescribePlayerSessions', { GameSessionId: arns[0] }).PlayerSessions).toMatchObject([
      { Status: 'COMPLETED', TerminationTime: new Date(desk.nowMs) },
      { Status: 'COMPLETED' },
    ])
    expect(desk.engine.dueAtMs()).toBeNull()
    expect(desk.refused('TerminateGameSession', { GameSessionId: arns[0], TerminationMode }).type).toBe(
      'InvalidGameSessionStatusException',
    )
  })

  it('lets ended sessions and their player sessions go, the oldest first', () => {
    const { desk, arns } = sessions(2, { options: { limits: { endedGameSessions: 1 } } })
    for (const GameSessionId of arns) {
      desk.send('TerminateGameSession', { GameSessionId, TerminationMode: 'FORCE_TERMINATE' })
      desk.pass(1000)
    }
    expect(() => desk.session(arns[0])).toThrow(/does not exist/)
    expect(desk.session(arns[1])).toMatchObject({ Status: 'TERMINATED' })
    expect(desk.read('DescribePlayerSessions', { PlayerId: 's0-1' }).PlayerSessions).toEqual([])
  })

  it('ends the oldest session, with its backfill, when there are too many that nobody ends', () => {
    const { desk, arn } = aHalfFullSession({ options: { limits: { liveGameSessions: 1 } } })
    backfill(desk, 'fill', arn, ['a-p', 'b-p', 'x', 'y']) // full: it waits for nobody
    start(desk, 'c')
    start(desk, 'd')
    desk.pass(3000)
    expect(desk.session(arn)).toMatchObject({ Status: 'TERMINATING' })
    expect(desk.told('fill')).toBe('CANCELLED | Cancelled | Cancelled because the game session ended.')
    desk.pass(1000)
    expect(desk.session(arn)).toMatchObject({ Status: 'TERMINATED', CurrentPlayerSessionCount: 0 })
    expect(desk.session(arn)).not.toHaveProperty('StatusReason')
    expect(desk.session(desk.sessionOf('c'))).toMatchObject({ Status: 'ACTIVE' })
  })
})
