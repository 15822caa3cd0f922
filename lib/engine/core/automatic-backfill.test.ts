import { describe, expect, it } from 'vitest'
import { ACCEPTANCE, aDesk, aHalfFullSession, backfill, start, twoTeams } from './testing/desk.ts'

const AUTOMATIC = { BackfillMode: 'AUTOMATIC' }

describe('automatic backfill', () => {
  it('starts with the session when it has open slots, and is named in its matchmaker data', () => {
    const { desk, arn } = aHalfFullSession({ configuration: AUTOMATIC })
    const { autoBackfillMode, autoBackfillTicketId } = desk.matchmakerData(arn)
    expect(autoBackfillMode).toBe('AUTOMATIC')
    expect(autoBackfillTicketId).toMatch(/^[0-9a-f-]{36}$/)
    expect(desk.ticket(autoBackfillTicketId!)).toMatchObject({
      Status: 'QUEUED',
      Players: [{ PlayerId: 'a-p', Team: expect.any(String) }, { PlayerId: 'b-p' }],
      GameSessionConnectionInfo: { GameSessionArn: arn },
    })
  })

  it('does not start for a full session, nor when the open slots are kept free', () => {
    const full = aDesk({ configuration: AUTOMATIC })
    start(full, 'a')
    start(full, 'b')
    full.pass(3000)
    expect(full.matchmakerData(full.sessionOf('a'))).toMatchObject({
      autoBackfillMode: 'AUTOMATIC',
      autoBackfillTicketId: null,
    })
    const { desk, arn } = aHalfFullSession({ configuration: { ...AUTOMATIC, AdditionalPlayerCount: 2 } })
    expect(desk.matchmakerData(arn).autoBackfillTicketId).toBeNull()
  })

  it('follows up with a new ticket while slots stay open, and stops when the session is full', () => {
    const { desk, arn } = aHalfFullSession({ configuration: AUTOMATIC })
    const first = desk.matchmakerData(arn).autoBackfillTicketId!
    start(desk, 'c')
    desk.pass(3000)
    const second = desk.matchmakerData(arn).autoBackfillTicketId!
    expect(desk.status(first)).toBe('COMPLETED')
    expect(second).not.toBe(first)
    expect(desk.ticket(second)?.Players).toHaveLength(3)
    start(desk, 'd')
    desk.pass(3000)
    expect(desk.matchmakerData(arn)).toMatchObject({ autoBackfillMode: 'AUTOMATIC', autoBackfillTicketId: null })
    expect(desk.session(arn).CurrentPlayerSessionCount).toBe(4)
  })

  it('is turned off by stopping its ticket', () => {
    const { desk, arn } = aHalfFullSession({ configuration: AUTOMATIC })
    const ticketId = desk.matchmakerData(arn).autoBackfillTicketId!
    desk.pass(1000)
    desk.send('StopMatchmaking', { TicketId: ticketId })
    expect(desk.told(ticketId)).toBe('CANCELLED | Cancelled | Cancelled by request.')
    expect(desk.matchmakerData(arn)).toMatchObject({ autoBackfillMode: null, autoBackfillTicketId: null })
    expect(desk.headlines().at(-1)).toBe(`MatchmakingCancelled ${ticketId}`)
    backfill(desk, 'by-hand', arn)
    start(desk, 'c')
    desk.pass(3000)
    expect(desk.status('by-hand')).toBe('COMPLETED')
    expect(desk.matchmakerData(arn).autoBackfillTicketId).toBeNull()
  })

  it('is turned off by stopping it in a proposed match; the new ticket searches again', () => {
    const { desk, arn } = aHalfFullSession({ configuration: AUTOMATIC })
    desk.send('UpdateMatchmakingConfiguration', { Name: 'duel', ...ACCEPTANCE })
    const ticketId = desk.matchmakerData(arn).autoBackfillTicketId!
    start(desk, 'c')
    desk.pass(1000)
    expect(desk.status(ticketId)).toBe('REQUIRES_ACCEPTANCE')
    desk.send('StopMatchmaking', { TicketId: ticketId })
    expect(desk.status('c')).toBe('SEARCHING')
    expect(desk.matchmakerData(arn).autoBackfillMode).toBeNull()
  })

  it('goes on with a new ticket after a time-out, or not, by option', () => {
    for (const reissueAfterTimeout of [true, false]) {
      const { desk, arn } = aHalfFullSession({
        configuration: AUTOMATIC,
        options: { autoBackfill: { reissueAfterTimeout } },
      })
      const first = desk.matchmakerData(arn).autoBackfillTicketId!
      desk.pass(120_000)
      expect(desk.status(first)).toBe('TIMED_OUT')
      const second = desk.matchmakerData(arn).autoBackfillTicketId
      if (reissueAfterTimeout) expect(desk.status(second!)).toBe('QUEUED')
      else expect(second).toBeNull()
    }
  })

  it('gives way to a manual request, and goes on after its success', () => {
    const { desk, arn } = aHalfFullSession({ configuration: AUTOMATIC })
    const automatic = desk.matchmakerData(arn).autoBackfillTicketId!
    backfill(desk, 'by-hand', arn)
    expect(desk.told(automatic)).toBe('CANCELLED | Cancelled | Cancelled due to newer backfill request')
    expect(desk.matchmakerData(arn)).toMatchObject({ autoBackfillMode: 'AUTOMATIC', autoBackfillTicketId: null })
    start(desk, 'c')
    desk.pass(3000)
    expect(desk.status('by-hand')).toBe('COMPLETED')
    expect(desk.status(desk.matchmakerData(arn).autoBackfillTicketId!)).toBe('QUEUED')
  })

  it('does not start beside a manual request that is still in force', () => {
    const { desk, arn } = aHalfFullSession({ configuration: AUTOMATIC })
    backfill(desk, 'first', arn)
    start(desk, 'c')
    desk.pass(1000)
    backfill(desk, 'second', arn)
    desk.pass(2000)
    expect([desk.status('first'), desk.status('second')]).toEqual(['COMPLETED', 'SEARCHING'])
    expect(desk.matchmakerData(arn)).toMatchObject({ autoBackfillMode: 'AUTOMATIC', autoBackfillTicketId: null })
  })

  it('does not start under a rule set that lacks the teams of the session', () => {
    const { desk, arn } = aHalfFullSession({ configuration: AUTOMATIC })
    desk.send('CreateMatchmakingRuleSet', { Name: 'others', RuleSetBody: twoTeams(3).replace('"red"', '"green"') })
    desk.send('UpdateMatchmakingConfiguration', { Name: 'duel', RuleSetName: 'others' })
    const ticketId = desk.matchmakerData(arn).autoBackfillTicketId!
    desk.pass(120_000)
    expect(desk.status(ticketId)).toBe('TIMED_OUT')
    expect(desk.matchmakerData(arn).autoBackfillTicketId).toBeNull()
  })

  it('ends for this round when a player of the session starts a new search', () => {
    const { desk, arn } = aHalfFullSession({ configuration: AUTOMATIC })
    const ticketId = desk.matchmakerData(arn).autoBackfillTicketId!
    start(desk, 'elsewhere', ['a-p'])
    expect(desk.status(ticketId)).toBe('CANCELLED')
    desk.pass(60_000)
    expect(desk.matchmakerData(arn)).toMatchObject({ autoBackfillMode: 'AUTOMATIC', autoBackfillTicketId: null })
  })

  it('does not list a player who searches elsewhere already', () => {
    const desk = aDesk({ ruleSet: twoTeams(2, 1), configuration: AUTOMATIC })
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(1000)
    desk.send('UpdateMatchmakingConfiguration', { Name: 'duel', RequestTimeoutSeconds: 300 })
    start(desk, 'elsewhere', ['a-p'])
    desk.pass(2000)
    const { autoBackfillTicketId } = desk.matchmakerData(desk.sessionOf('b'))
    expect(desk.ticket(autoBackfillTicketId!)?.Players).toMatchObject([{ PlayerId: 'b-p' }])
    expect(desk.status('elsewhere')).toBe('SEARCHING')
  })

  it('keeps of its players only the latency to the place of the session', () => {
    const desk = aDesk({ ruleSet: twoTeams(2, 1), configuration: AUTOMATIC })
    const LatencyInMs = { 'eu-west-1': 20, 'us-west-2': 90 }
    start(desk, 'a', [], { Players: [{ PlayerId: 'a-p', LatencyInMs }] })
    start(desk, 'b', [], { Players: [{ PlayerId: 'b-p', LatencyInMs }] })
    desk.pass(3000)
    const { autoBackfillTicketId } = desk.matchmakerData(desk.sessionOf('a'))
    expect(desk.ticket(autoBackfillTicketId!)?.Players).toMatchObject([{ LatencyInMs: { 'eu-west-1': 20 } }, {}])
    expect(JSON.stringify(desk.ticket(autoBackfillTicketId!))).not.toContain('us-west-2')
  })
})
