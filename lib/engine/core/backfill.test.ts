import { describe, expect, it } from 'vitest'
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

const playerSessions = (desk: Desk, arn: string) =>
  desk.read('DescribePlayerSessions', { GameSessionId: arn }).PlayerSessions as { PlayerId: string; Status: string }[]

describe('manual backfill', () => {
  it('shows its session and teams while it waits, and announces its players with their teams', () => {
    const { desk, arn } = aHalfFullSession()
    backfill(desk, 'fill', arn)
    expect(desk.ticket('fill')).toMatchObject({
      Status: 'QUEUED',
      Players: [{ PlayerId: 'a-p', Team: 'red' }, { Team: 'blue' }],
      GameSessionConnectionInfo: { GameSessionArn: arn, IpAddress: '127.0.0.1', Port: 20_000 },
    })
    expect(desk.ticket('fill')?.GameSessionConnectionInfo).not.toHaveProperty('MatchedPlayerSessions')
    desk.pass(1000)
    expect(desk.news()).toMatchObject([
      {
        type: 'MatchmakingSearching',
        tickets: [{ ticketId: 'fill', players: [{ playerId: 'a-p', team: 'red' }, {}] }],
      },
    ])
    desk.pass(5000)
    expect(desk.status('fill')).toBe('SEARCHING') // it needs company
  })

  it('fills the session: same session, new player sessions for new players only, new matchmaker data', () => {
    const { desk, arn } = aHalfFullSession()
    const { matchId } = desk.matchmakerData(arn)
    backfill(desk, 'fill', arn)
    start(desk, 'c')
    desk.pass(1000)
    expect([desk.status('fill'), desk.status('c')]).toEqual(['PLACING', 'PLACING'])
    desk.news()
    desk.pass(2000)
    expect([desk.status('fill'), desk.status('c')]).toEqual(['COMPLETED', 'COMPLETED'])
    const [succeeded, ...more] = desk.news()
    expect(more).toEqual([])
    if (succeeded?.type !== 'MatchmakingSucceeded') throw new Error('not succeeded')
    expect(succeeded.gameSessionInfo).toMatchObject({ gameSessionArn: arn, port: 20_000, ipAddress: '127.0.0.1' })
    expect(
      succeeded.gameSessionInfo.players.map(({ playerId, playerSessionId }) => [
        playerId,
        playerSessionId !== undefined,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['a-p', false],
        ['b-p', false],
        ['c-p', true],
      ]),
    )
    expect(desk.ticket('fill')).toMatchObject({
      GameSessionConnectionInfo: { MatchedPlayerSessions: [{ PlayerId: 'a-p' }, { PlayerId: 'b-p' }] },
    })
    expect(JSON.stringify(desk.ticket('fill'))).not.toContain('PlayerSessionId')
    expect(desk.sessionOf('c')).toBe(arn)
    const data = desk.matchmakerData(arn)
    expect(data.matchId).toBe(matchId)
    expect(data.teams.flatMap(({ players }) => players.map(({ playerId }) => playerId)).sort()).toEqual([
      'a-p',
      'b-p',
      'c-p',
    ])
    expect(desk.session(arn).CurrentPlayerSessionCount).toBe(3)
  })

  it('takes players it no longer lists for gone', () => {
    const { desk, arn } = aHalfFullSession()
    backfill(desk, 'fill', arn, ['a-p'])
    start(desk, 'c')
    desk.pass(3000)
    const byPlayer = Object.fromEntries(playerSessions(desk, arn).map(({ PlayerId, Status }) => [PlayerId, Status]))
    expect(byPlayer).toEqual({ 'a-p': 'ACTIVE', 'b-p': 'COMPLETED', 'c-p': 'RESERVED' })
    expect(desk.session(arn).CurrentPlayerSessionCount).toBe(2)
  })

  it('keeps whom an earlier request brings after this one was made and could not list them', () => {
    const { desk, arn } = aHalfFullSession()
    backfill(desk, 'first', arn)
    start(desk, 'c')
    desk.pass(1000)
    expect(desk.status('first')).toBe('PLACING') // too late to be replaced
    backfill(desk, 'second', arn)
    desk.pass(2000)
    start(desk, 'd')
    desk.pass(5000)
    expect(desk.status('second')).toBe('COMPLETED')
    const byPlayer = Object.fromEntries(playerSessions(desk, arn).map(({ PlayerId, Status }) => [PlayerId, Status]))
    expect(byPlayer).toEqual({ 'a-p': 'ACTIVE', 'b-p': 'ACTIVE', 'c-p': 'ACTIVE', 'd-p': 'RESERVED' })
    expect(
      desk.matchmakerData(arn).teams.flatMap(({ players }) => players.map(({ playerId }) => playerId)),
    ).toHaveLength(4)
  })

  it('fails when whom it could not list has taken the last places', () => {
    const { desk, arn } = aHalfFullSession()
    backfill(desk, 'first', arn)
    start(desk, 'c', ['c1'])
    start(desk, 'd', ['d1'])
    desk.pass(1000)
    backfill(desk, 'second', arn)
    desk.pass(2000)
    start(desk, 'e')
    desk.pass(5000)
    expect(desk.told('second')).toMatch(/^FAILED \| UNEXPECTED_ERROR \| The game session null was not found/)
    expect(desk.session(arn).CurrentPlayerSessionCount).toBe(4)
  })

  it('gives a player who left and comes back a new player session', () => {
    const { desk, arn } = aHalfFullSession()
    backfill(desk, 'fill', arn, ['a-p'])
    start(desk, 'back', ['b-p'])
    desk.pass(3000)
    expect(desk.sessionOf('back')).toBe(arn)
    const sessions = playerSessions(desk, arn).map(({ PlayerId, Status }) => `${PlayerId} ${Status}`)
    expect(sessions).toEqual(['a-p ACTIVE', 'b-p COMPLETED', 'b-p RESERVED'])
    expect(desk.session(arn).CurrentPlayerSessionCount).toBe(2)
  })

  it('may list nobody', () => {
    const { desk, arn } = aHalfFullSession()
    backfill(desk, 'fill', arn, [])
    start(desk, 'c')
    start(desk, 'd')
    desk.pass(3000)
    expect([desk.status('fill'), desk.sessionOf('c')]).toEqual(['COMPLETED', arn])
  })

  it('is replaced by a newer request for the same session, without an event', () => {
    const { desk, arn } = aHalfFullSession()
    backfill(desk, 'first', arn)
    desk.pass(1000)
    desk.news()
    backfill(desk, 'second', arn)
    expect(desk.news()).toEqual([])
    expect(desk.told('first')).toBe('CANCELLED | Cancelled | Cancelled due to newer backfill request')
    expect(desk.status('second')).toBe('QUEUED')
  })

  it('is cancelled when one of its players starts a new search', () => {
    const { desk, arn } = aHalfFullSession()
    backfill(desk, 'fill', arn)
    start(desk, 'elsewhere', ['b-p'])
    expect(desk.told('fill')).toBe('CANCELLED | Cancelled | Cancelled due to duplicate player')
  })

  it('is cancelled with its session, and says so', () => {
    const { desk, arn } = aHalfFullSession()
    backfill(desk, 'fill', arn)
    desk.news()
    desk.send('TerminateGameSession', { GameSessionId: arn, TerminationMode: 'FORCE_TERMINATE' })
    expect(desk.told('fill')).toBe('CANCELLED | Cancelled | Cancelled because the game session ended.')
    expect(desk.headlines()).toEqual(['MatchmakingCancelled fill'])
  })

  it('fails when its session no longer takes players', () => {
    const { desk, arn } = aHalfFullSession()
    backfill(desk, 'fill', arn)
    desk.pass(2000)
    desk.send('UpdateGameSession', { GameSessionId: arn, PlayerSessionCreationPolicy: 'DENY_ALL' })
    desk.pass(1000)
    expect(desk.told('fill')).toBe(
      "FAILED | UNEXPECTED_ERROR | The game session null was not found, or was in a state which wouldn't accept new player sessions.",
    )
    expect(desk.headlines().at(-1)).toBe('MatchmakingFailed fill')
  })

  it('fails with the new tickets when the session ends while they are placed', () => {
    const { desk, arn } = aHalfFullSession()
    backfill(desk, 'fill', arn)
    start(desk, 'c')
    desk.pass(1000)
    desk.send('TerminateGameSession', { GameSessionId: arn, TerminationMode: 'FORCE_TERMINATE' })
    desk.pass(2000)
    expect(desk.told('fill')).toMatch(/^FAILED \| UNEXPECTED_ERROR \| The game session null/)
    expect(desk.told('c')).toBe('FAILED | UNEXPECTED_ERROR | An unexpected error was encountered during match placing.')
  })

  it('never has to be accepted by its own players, and goes back to the pool when a new one rejects', () => {
    const { desk, arn } = aHalfFullSession()
    desk.send('UpdateMatchmakingConfiguration', { Name: 'duel', ...ACCEPTANCE })
    backfill(desk, 'fill', arn)
    start(desk, 'c')
    desk.pass(1000)
    expect([desk.status('fill'), desk.status('c')]).toEqual(['REQUIRES_ACCEPTANCE', 'REQUIRES_ACCEPTANCE'])
    const input = { TicketId: 'fill', PlayerIds: ['a-p'], AcceptanceType: 'REJECT' }
    expect(desk.refused('AcceptMatch', input).message).toMatch(/backfill request/)
    answer(desk, 'c', 'REJECT')
    expect([desk.status('fill'), desk.status('c')]).toEqual(['SEARCHING', 'CANCELLED'])
    start(desk, 'd')
    desk.pass(1000)
    answer(desk, 'd', 'ACCEPT')
    desk.pass(2000)
    expect([desk.status('fill'), desk.status('d')]).toEqual(['COMPLETED', 'COMPLETED'])
  })

  it('times out like any ticket', () => {
    const { desk, arn } = aHalfFullSession()
    backfill(desk, 'fill', arn)
    desk.pass(120_000)
    expect(desk.status('fill')).toBe('TIMED_OUT')
    expect(desk.engine.dueAtMs()).toBeNull()
  })

  it('of a standalone configuration needs no session and ends with the event', () => {
    const desk = aDesk({ ruleSet: twoTeams(2, 1), configuration: STANDALONE })
    desk.send('StartMatchBackfill', {
      TicketId: 'fill',
      ConfigurationName: 'duel',
      Players: [
        { PlayerId: 'x', Team: 'red' },
        { PlayerId: 'y', Team: 'blue' },
      ],
    })
    start(desk, 'c')
    desk.pass(1000)
    expect(desk.status('fill')).toBe('COMPLETED')
    expect(desk.headlines().at(-1)).toMatch(/^MatchmakingSucceeded /)
  })

  it.each([
    ['no session with a queue', {}, 'InvalidRequestException'],
    [
      'a session it does not know',
      { GameSessionArn: 'arn:aws:gamelift:us-east-1::gamesession/fleet-1/x' },
      'NotFoundException',
    ],
    ['a player without a team', { Players: [{ PlayerId: 'x' }] }, 'InvalidRequestException'],
    ['a team it does not know', { Players: [{ PlayerId: 'x', Team: 'green' }] }, 'InvalidRequestException'],
    [
      '200 players',
      { Players: Array.from({ length: 200 }, (_, i) => ({ PlayerId: `x${i}`, Team: 'red' })) },
      'InvalidRequestException',
    ],
    ['an unknown configuration', { ConfigurationName: 'nothing' }, 'NotFoundException'],
    ['a ticket id that is taken', { TicketId: 'a' }, 'InvalidRequestException'],
  ])('refuses %s', (what, input, type) => {
    const { desk, arn } = aHalfFullSession()
    const session = what.includes('session') ? {} : { GameSessionArn: arn }
    const refusal = desk.refused('StartMatchBackfill', { ConfigurationName: 'duel', Players: [], ...session, ...input })
    expect(refusal.type).toBe(type)
  })

  it('refuses a session that has ended', () => {
    const { desk, arn } = aHalfFullSession()
    desk.send('TerminateGameSession', { GameSessionId: arn, TerminationMode: 'FORCE_TERMINATE' })
    const input = { ConfigurationName: 'duel', GameSessionArn: arn, Players: [] }
    expect(desk.refused('StartMatchBackfill', input).message).toMatch(/TERMINATING/)
  })
})
