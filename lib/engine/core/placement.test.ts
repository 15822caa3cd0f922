import { describe, expect, it } from 'vitest'
import { aDesk, type Desk, START_MS, start, twoTeams } from './testing/desk.ts'

function pair(desk: Desk, name: string): void {
  start(desk, `${name}1`)
  start(desk, `${name}2`)
}
const LATENCY = (latencyMs: Record<string, number>, playerId: string) => ({
  Players: [{ PlayerId: playerId, LatencyInMs: latencyMs }],
})

describe('placement', () => {
  it('fulfils: a queue event and then the success, with one player session for each player', () => {
    const desk = aDesk({ queue: { CustomEventData: 'from-queue' } })
    pair(desk, 'a')
    desk.pass(1000)
    desk.news()
    desk.pass(2000)
    const [placed, succeeded] = desk.news()
    if (placed?.type !== 'PlacementFulfilled' || succeeded?.type !== 'MatchmakingSucceeded')
      throw new Error('unexpected')
    expect(desk.events.at(-2)?.resourceArn).toBe('arn:aws:gamelift:us-east-1:000000000000:gamesessionqueue/queue')
    expect(placed).toEqual({
      type: 'PlacementFulfilled',
      placementId: succeeded.matchId,
      port: '20000',
      gameSessionArn: desk.sessionOf('a1'),
      ipAddress: '127.0.0.1',
      dnsName: succeeded.gameSessionInfo.dnsName,
      startTime: new Date(START_MS + 1000).toISOString(),
      endTime: new Date(START_MS + 3000).toISOString(),
      gameSessionRegion: 'us-east-1',
      gameSessionLocation: 'us-east-1',
      playerGatewayStatus: 'DISABLED',
      computeName: expect.stringMatching(/^i-[0-9a-f]{17}$/),
      placedPlayerSessions: succeeded.gameSessionInfo.players.map(({ playerId, playerSessionId }) => ({
        playerId,
        playerSessionId,
      })),
      customEventData: 'from-queue',
    })
    expect(succeeded.gameSessionInfo.port).toBe(20_000)
  })

  it('fails every ticket when it is forced to, even while they are PLACING', () => {
    const desk = aDesk()
    pair(desk, 'a')
    desk.pass(1500)
    desk.set({ placement: { outcome: 'fail' } })
    desk.news()
    desk.pass(1500)
    expect(desk.told('a1')).toBe(
      'FAILED | UNEXPECTED_ERROR | An unexpected error was encountered during match placing.',
    )
    expect(desk.headlines()).toEqual(['PlacementFailed', 'MatchmakingFailed a1', 'MatchmakingFailed a2'])
    expect(desk.events.at(-1)!.detail).toMatchObject({
      matchId: expect.any(String),
      tickets: [{ players: [{ team: expect.any(String) }] }],
    })
  })

  it('times out with its queue: tickets search again with their old start time, and say why', () => {
    const desk = aDesk({ options: { placement: { outcome: 'time-out' } } })
    pair(desk, 'a')
    desk.pass(1000)
    desk.news()
    desk.pass(29_999)
    expect(desk.status('a1')).toBe('PLACING')
    desk.pass(1)
    expect(desk.headlines()).toEqual(['PlacementTimedOut', 'MatchmakingSearching a1', 'MatchmakingSearching a2'])
    expect(desk.told('a1')).toMatch(/^SEARCHING \| PlacementTimedOut \| /)
    expect(desk.ticket('a1')?.StartTime).toEqual(new Date(START_MS))
    desk.set({ placement: { outcome: 'fulfil' } })
    desk.pass(3000)
    expect(desk.told('a1')).toBe('COMPLETED')
  })

  it('times out without a search event, by option', () => {
    const desk = aDesk({ options: { placement: { outcome: 'time-out', searchingEventAfterTimeout: false } } })
    pair(desk, 'a')
    desk.pass(1000)
    desk.news()
    desk.pass(30_000)
    expect(desk.headlines()).toEqual(['PlacementTimedOut'])
    expect(desk.status('a1')).toBe('SEARCHING')
  })

  it('ends in TIMED_OUT when the request is too old by the time the queue gives up', () => {
    const desk = aDesk({
      options: { placement: { outcome: 'time-out' } },
      configuration: { RequestTimeoutSeconds: 20 },
    })
    pair(desk, 'a')
    desk.pass(30_999)
    expect(desk.status('a1')).toBe('PLACING')
    desk.news()
    desk.pass(1)
    expect(desk.headlines()).toEqual(['PlacementTimedOut', 'MatchmakingTimedOut a1', 'MatchmakingTimedOut a2'])
  })

  it('fails when the queue is gone by the time it is asked', () => {
    const desk = aDesk()
    pair(desk, 'a')
    desk.pass(1000)
    const state = JSON.parse(desk.engine.snapshot())
    const without = desk.reopened(JSON.stringify({ ...state, queues: [] }))
    without.pass(2000)
    expect(without.told('a1')).toMatch(/^FAILED \| UNEXPECTED_ERROR/)
  })

  it('waits for room at the limit of active sessions, first come first served, until its queue gives up', () => {
    const desk = aDesk({ options: { placement: { maxActiveSessions: 1 } } })
    pair(desk, 'a')
    desk.pass(1000)
    pair(desk, 'b')
    desk.pass(1000)
    pair(desk, 'c')
    desk.pass(3000)
    expect(['a1', 'b1', 'c1'].map((ticketId) => desk.status(ticketId))).toEqual(['COMPLETED', 'PLACING', 'PLACING'])
    desk.send('TerminateGameSession', { GameSessionId: desk.sessionOf('a1'), TerminationMode: 'FORCE_TERMINATE' })
    desk.pass(1000)
    expect(['b1', 'c1'].map((ticketId) => desk.status(ticketId))).toEqual(['COMPLETED', 'PLACING'])
    desk.pass(30_000)
    expect(desk.told('c1')).toMatch(/^(SEARCHING \| PlacementTimedOut|PLACING)/)
    expect(desk.headlines()).toContain('PlacementTimedOut')
  })

  it('goes on when the limit is lifted', () => {
    const desk = aDesk({ options: { placement: { maxActiveSessions: 0 } } })
    pair(desk, 'a')
    desk.pass(5000)
    desk.set({ placement: { maxActiveSessions: null } })
    expect(desk.engine.dueAtMs()).toBe(desk.nowMs)
    desk.tick()
    expect(desk.status('a1')).toBe('COMPLETED')
  })

  it('starts the session that was matched, though the rule set is exchanged meanwhile', () => {
    const desk = aDesk()
    pair(desk, 'a')
    desk.pass(1000)
    desk.send('CreateMatchmakingRuleSet', { Name: 'others', RuleSetBody: twoTeams(3).replace('"red"', '"green"') })
    desk.send('UpdateMatchmakingConfiguration', { Name: 'duel', RuleSetName: 'others' })
    desk.pass(2000)
    const arn = desk.sessionOf('a1')
    expect(desk.session(arn).MaximumPlayerSessionCount).toBe(2)
    expect(desk.matchmakerData(arn).teams).toMatchObject([
      { name: 'red', players: [{}] },
      { name: 'blue', players: [{}] },
    ])
  })

  it('takes no time when the delay is 0', () => {
    const desk = aDesk({ options: { placement: { delayMs: 0 } } })
    pair(desk, 'a')
    desk.pass(1000)
    expect(desk.status('a1')).toBe('COMPLETED')
  })
})

describe('where a session is placed', () => {
  const placed = (desk: Desk) => {
    desk.pass(3000)
    return { location: desk.session(desk.sessionOf('a')).Location, arn: desk.sessionOf('a') }
  }

  it('is the lowest average latency of the players, among what all of them report', () => {
    const desk = aDesk()
    start(desk, 'a', [], LATENCY({ 'eu-west-1': 30, 'us-west-2': 50, 'sa-east-1': 1 }, 'x'))
    start(desk, 'b', [], LATENCY({ 'eu-west-1': 90, 'us-west-2': 60 }, 'y'))
    const { location, arn } = placed(desk)
    expect(location).toBe('us-west-2')
    expect(arn).toMatch(/^arn:aws:gamelift:us-east-1::gamesession\/fleet-[^/]+\/us-west-2\/[^/]+$/)
  })

  it('is the first destination of the queue when nobody reports latency, on its fleet', () => {
    const desk = aDesk({
      queue: {
        Destinations: [
          { DestinationArn: 'arn:aws:gamelift:eu-central-1::fleet/fleet-11111111-aaaa' },
          { DestinationArn: 'arn:aws:gamelift:us-east-1::fleet/fleet-22222222-bbbb' },
        ],
      },
    })
    start(desk, 'a')
    start(desk, 'b')
    const { location, arn } = placed(desk)
    expect(location).toBe('eu-central-1')
    expect(arn).toMatch(/^arn:aws:gamelift:eu-central-1::gamesession\/fleet-11111111-aaaa\/[^/]+$/)
  })

  it('follows the priorities of the queue', () => {
    const desk = aDesk({
      queue: { PriorityConfiguration: { PriorityOrder: ['LOCATION'], LocationOrder: ['us-west-2', 'eu-west-1'] } },
    })
    start(desk, 'a', [], LATENCY({ 'eu-west-1': 10, 'us-west-2': 80, 'sa-east-1': 5 }, 'x'))
    start(desk, 'b', [], LATENCY({ 'eu-west-1': 10, 'us-west-2': 80, 'sa-east-1': 5 }, 'y'))
    expect(placed(desk).location).toBe('us-west-2')
  })

  it('follows an order of locations without priorities where nothing else decides', () => {
    const desk = aDesk({ queue: { PriorityConfiguration: { LocationOrder: ['us-west-2', 'eu-west-1'] } } })
    start(desk, 'a', [], LATENCY({ 'eu-west-1': 80, 'us-west-2': 80 }, 'x'))
    start(desk, 'b', [], LATENCY({ 'eu-west-1': 80, 'us-west-2': 80 }, 'y'))
    expect(placed(desk).location).toBe('us-west-2')
  })

  it('is nowhere when the queue allows none of the reported locations', () => {
    const desk = aDesk({ queue: { FilterConfiguration: { AllowedLocations: ['us-west-2'] } } })
    start(desk, 'a', [], LATENCY({ 'eu-west-1': 10 }, 'x'))
    start(desk, 'b', [], LATENCY({ 'eu-west-1': 10 }, 'y'))
    desk.pass(31_000)
    expect(desk.headlines()).toContain('PlacementTimedOut')
  })

  it('is never what cannot be a location, as no ARN could name the session', () => {
    const desk = aDesk()
    start(desk, 'a', [], LATENCY({ 'nowhere/☃': 1, 'eu-west-1': 90 }, 'x'))
    start(desk, 'b', [], LATENCY({ 'nowhere/☃': 1, 'eu-west-1': 90 }, 'y'))
    expect(placed(desk).location).toBe('eu-west-1')
    start(desk, 'c', [], LATENCY({ 'nowhere/☃': 1 }, 'z'))
    start(desk, 'd', [], LATENCY({ 'nowhere/☃': 1 }, 'z2'))
    desk.pass(31_000)
    expect(desk.headlines()).toContain('PlacementTimedOut')
  })
})
