import { describe, expect, it } from 'vitest'
import {
  ACCEPTANCE,
  aDesk,
  aHalfFullSession,
  answer,
  backfill,
  type Desk,
  STANDALONE,
  START_MS,
  start,
} from './testing/desk.ts'

describe('the life of a ticket', () => {
  it('begins QUEUED with nothing but what was sent', () => {
    const desk = aDesk()
    const { MatchmakingTicket } = desk.send('StartMatchmaking', {
      TicketId: 'a',
      ConfigurationName: 'duel',
      Players: [{ PlayerId: 'ada', PlayerAttributes: { skill: { N: 50 } }, LatencyInMs: {}, Team: 'red' }],
    })
    expect(MatchmakingTicket).toEqual({
      TicketId: 'a',
      ConfigurationName: 'duel',
      ConfigurationArn: 'arn:aws:gamelift:us-east-1:000000000000:matchmakingconfiguration/duel',
      Status: 'QUEUED',
      StartTime: new Date(START_MS),
      Players: [{ PlayerId: 'ada', PlayerAttributes: { skill: { N: 50 } }, LatencyInMs: {} }],
    })
    expect(desk.events).toEqual([])
  })

  it('is picked up one tick later, announced once, and not before', () => {
    const desk = aDesk()
    start(desk, 'a')
    expect(desk.engine.dueAtMs()).toBe(START_MS + 1000)
    desk.nowMs += 999
    desk.tick()
    expect(desk.status('a')).toBe('QUEUED')
    desk.pass(1)
    expect(desk.status('a')).toBe('SEARCHING')
    desk.pass(5000)
    expect(desk.events.map(({ detail }) => detail)).toEqual([
      {
        type: 'MatchmakingSearching',
        tickets: [{ ticketId: 'a', startTime: '2026-02-03T18:20:00.000Z', players: [{ playerId: 'a-p' }] }],
        estimatedWaitMillis: 'NOT_AVAILABLE',
        gameSessionInfo: { players: [{ playerId: 'a-p' }] },
      },
    ])
  })

  it('is matched in the same tick that picks it up, and shows SEARCHING first', () => {
    const desk = aDesk()
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(1000)
    expect(desk.headlines()).toEqual(['MatchmakingSearching a', 'MatchmakingSearching b', 'PotentialMatchCreated a+b'])
    expect([desk.status('a'), desk.status('b')]).toEqual(['PLACING', 'PLACING'])
  })

  it('is COMPLETED by placement with its own connection info, and its team only then', () => {
    const desk = aDesk()
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(2900)
    expect(desk.status('a')).toBe('PLACING')
    expect(desk.ticket('a')?.Players).toEqual([{ PlayerId: 'a-p' }])
    desk.pass(100)
    const ticket = desk.ticket('a')
    expect(ticket).toMatchObject({ Status: 'COMPLETED', EndTime: new Date(START_MS + 3000) })
    expect(ticket).not.toHaveProperty('StatusReason')
    expect(ticket?.Players).toEqual([{ PlayerId: 'a-p', Team: expect.stringMatching(/^(red|blue)$/) }])
    expect(ticket?.GameSessionConnectionInfo).toEqual({
      GameSessionArn: expect.stringMatching(
        /^arn:aws:gamelift:us-east-1::gamesession\/fleet-[0-9a-f-]{36}\/[0-9a-f-]{36}$/,
      ),
      IpAddress: '127.0.0.1',
      DnsName: expect.stringMatching(/^[0-9a-f-]{36}\.us-east-1\.amazongamelift\.com$/),
      Port: 20_000,
      MatchedPlayerSessions: [{ PlayerId: 'a-p', PlayerSessionId: expect.stringMatching(/^psess-\S+$/) }],
      PlayerGatewayStatus: 'DISABLED',
    })
  })

  it('of a standalone configuration is COMPLETED at once, without connection info and without PLACING', () => {
    const desk = aDesk({ configuration: STANDALONE })
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(1000)
    expect(desk.headlines().slice(2)).toEqual(['PotentialMatchCreated a+b', 'MatchmakingSucceeded a+b'])
    expect(desk.ticket('a')).not.toHaveProperty('GameSessionConnectionInfo')
    const { detail } = desk.events.at(-1)!
    expect(detail).toMatchObject({ gameSessionInfo: { players: [{ team: expect.anything() }, {}] } })
    expect(JSON.stringify(detail)).not.toMatch(/playerSessionId|gameSessionArn|ipAddress/)
  })

  it('times out in the pool when its age reaches the limit, with reason and event', () => {
    const desk = aDesk({ configuration: { RequestTimeoutSeconds: 10 } })
    start(desk, 'a')
    desk.pass(9999)
    expect(desk.status('a')).toBe('SEARCHING')
    desk.pass(1)
    expect(desk.told('a')).toBe('TIMED_OUT | TimedOut | Removed from matchmaking due to timing out.')
    expect(desk.events.at(-1)!.detail).toEqual({
      type: 'MatchmakingTimedOut',
      reason: 'TimedOut',
      message: 'Removed from matchmaking due to timing out.',
      ruleEvaluationMetrics: [],
      tickets: [{ ticketId: 'a', startTime: '2026-02-03T18:20:00.000Z', players: [{ playerId: 'a-p' }] }],
      gameSessionInfo: { players: [{ playerId: 'a-p' }] },
    })
    expect(desk.engine.dueAtMs()).toBeNull()
  })

  it('times out while QUEUED when the tick is slower than the limit', () => {
    const desk = aDesk({ options: { tickMs: 5000 }, configuration: { RequestTimeoutSeconds: 2 } })
    start(desk, 'a')
    desk.pass(2000)
    expect(desk.headlines()).toEqual(['MatchmakingTimedOut a'])
  })

  it('is not matched by a tick that comes after its time', () => {
    const desk = aDesk({ configuration: { RequestTimeoutSeconds: 10 } })
    start(desk, 'a')
    desk.pass(1000)
    desk.nowMs += 8500
    start(desk, 'b')
    desk.nowMs += 60_000
    desk.tick()
    expect([desk.status('a'), desk.status('b')]).toEqual(['TIMED_OUT', 'TIMED_OUT'])
  })

  it('is under new settings from the next pass on', () => {
    const desk = aDesk({ configuration: { RequestTimeoutSeconds: 10 } })
    start(desk, 'a')
    desk.pass(5000)
    desk.send('UpdateMatchmakingConfiguration', { Name: 'duel', RequestTimeoutSeconds: 30 })
    desk.pass(20_000)
    expect(desk.status('a')).toBe('SEARCHING')
    desk.send('UpdateMatchmakingConfiguration', { Name: 'duel', RequestTimeoutSeconds: 26 })
    desk.pass(1000)
    expect(desk.status('a')).toBe('TIMED_OUT')
  })

  it('shows the average wait of recently completed tickets, in seconds, while it is open', () => {
    const desk = aDesk({ configuration: STANDALONE })
    start(desk, 'a')
    desk.pass(10_000)
    start(desk, 'b')
    desk.pass(1000)
    start(desk, 'c')
    expect(desk.ticket('c')?.EstimatedWaitTime).toBe(6) // (11 + 1) / 2
    desk.news()
    desk.pass(1000)
    expect(desk.news()).toMatchObject([{ estimatedWaitMillis: 6 }])
    desk.pass(15 * 60_000)
    start(desk, 'd')
    expect(desk.ticket('d')).not.toHaveProperty('EstimatedWaitTime')
  })

  it('carries the custom event data of its configuration into every event', () => {
    const desk = aDesk({ configuration: { ...ACCEPTANCE, CustomEventData: 'ladder=ranked' } })
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(1000)
    answer(desk, 'a', 'ACCEPT')
    answer(desk, 'b', 'ACCEPT')
    desk.pass(2000)
    const details = desk.news().filter((detail) => !detail.type.startsWith('Placement'))
    expect(details).toHaveLength(7)
    expect(details.every((detail) => detail.customEventData === 'ladder=ranked')).toBe(true)
  })
})

describe('StopMatchmaking', () => {
  it('cancels a QUEUED and a SEARCHING ticket with its event', () => {
    for (const waitMs of [0, 1500]) {
      const desk = aDesk()
      start(desk, 'a')
      desk.pass(waitMs)
      desk.news()
      expect(desk.send('StopMatchmaking', { TicketId: 'a' })).toEqual({})
      expect(desk.told('a')).toBe('CANCELLED | Cancelled | Cancelled by request.')
      expect(desk.news()).toEqual([
        {
          type: 'MatchmakingCancelled',
          reason: 'Cancelled',
          message: 'Cancelled by request.',
          ruleEvaluationMetrics: [],
          tickets: [{ ticketId: 'a', startTime: '2026-02-03T18:20:00.000Z', players: [{ playerId: 'a-p' }] }],
          gameSessionInfo: { players: [{ playerId: 'a-p' }] },
        },
      ])
      expect(desk.engine.dueAtMs()).toBeNull()
    }
  })

  it('drops the proposed match and sends everyone else back, whatever they had answered', () => {
    const desk = aDesk({ configuration: ACCEPTANCE })
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(1000)
    answer(desk, 'b', 'ACCEPT')
    desk.news()
    desk.send('StopMatchmaking', { TicketId: 'a' })
    expect(desk.headlines()).toEqual([
      'MatchmakingCancelled a',
      'AcceptMatchCompleted Rejected a+b',
      'MatchmakingSearching b',
    ])
    expect(desk.told('a')).toBe('CANCELLED | Cancelled | Cancelled by request.')
    expect(desk.told('b')).toMatch(/^SEARCHING \| AcceptanceFailed \| Returned to matchmaking/)
    expect(desk.ticket('b')?.StartTime).toEqual(new Date(START_MS))
  })

  it.each([
    ['PLACING', 1000],
    ['COMPLETED', 3000],
  ] as const)('refuses a ticket that is %s, in the words of the service', (status, waitMs) => {
    const desk = aDesk()
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(waitMs)
    expect(desk.refused('StopMatchmaking', { TicketId: 'a' })).toMatchObject({
      type: 'InvalidRequestException',
      message: `Matchmaking ticket is in ${status} status and cannot be canceled.`,
    })
  })

  it('refuses a ticket that is TIMED_OUT, CANCELLED or FAILED', () => {
    const desk = aDesk({ configuration: { RequestTimeoutSeconds: 5 }, options: { placement: { outcome: 'fail' } } })
    start(desk, 'timed-out')
    desk.pass(5000)
    start(desk, 'cancelled')
    desk.send('StopMatchmaking', { TicketId: 'cancelled' })
    start(desk, 'failed')
    start(desk, 'failed-too')
    desk.pass(3000)
    for (const [ticketId, status] of [
      ['timed-out', 'TIMED_OUT'],
      ['cancelled', 'CANCELLED'],
      ['failed', 'FAILED'],
    ]) {
      expect(desk.refused('StopMatchmaking', { TicketId: ticketId }).message).toBe(
        `Matchmaking ticket is in ${status} status and cannot be canceled.`,
      )
    }
  })

  it('does not know a ticket that was never started', () => {
    expect(aDesk().refused('StopMatchmaking', { TicketId: 'nobody' }).type).toBe('NotFoundException')
  })
})

describe('a player in two tickets', () => {
  it('has the older one cancelled without an event, for all of its party', () => {
    const desk = aDesk()
    start(desk, 'old', ['ada', 'bo'])
    desk.pass(1000)
    desk.news()
    start(desk, 'new', ['bo'])
    expect(desk.news()).toEqual([])
    expect(desk.told('old')).toBe('CANCELLED | Cancelled | Cancelled due to duplicate player')
    start(desk, 'ada-again', ['ada'])
    expect(desk.status('new')).toBe('QUEUED')
  })

  it('can have the text in the reason, by option', () => {
    const desk = aDesk({ options: { duplicatePlayer: { textIn: 'StatusReason' } } })
    start(desk, 'old', ['ada'])
    start(desk, 'new', ['ada'])
    expect(desk.told('old')).toBe('CANCELLED | Cancelled due to duplicate player')
  })

  it('leaves a proposed match, which is dropped without a cancel event', () => {
    const desk = aDesk({ configuration: ACCEPTANCE })
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(1000)
    desk.news()
    start(desk, 'c', ['a-p'])
    expect(desk.headlines()).toEqual(['AcceptMatchCompleted Rejected a+b', 'MatchmakingSearching b'])
    expect(desk.status('a')).toBe('CANCELLED')
  })

  it('loses both tickets of one match to one new party, and neither is announced as searching', () => {
    const desk = aDesk({ configuration: ACCEPTANCE })
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(1000)
    desk.news()
    start(desk, 'c', ['a-p', 'b-p'])
    expect(desk.headlines()).toEqual(['AcceptMatchCompleted Rejected a+b'])
    expect([desk.status('a'), desk.status('b')]).toEqual(['CANCELLED', 'CANCELLED'])
  })

  it('keeps a ticket that is PLACING', () => {
    const desk = aDesk()
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(1000)
    start(desk, 'c', ['a-p'])
    expect(desk.status('a')).toBe('PLACING')
    desk.pass(2000)
    expect([desk.status('a'), desk.status('c')]).toEqual(['COMPLETED', 'SEARCHING'])
  })

  it('loses a ticket that was PLACING when it would search again', () => {
    const desk = aDesk({ options: { placement: { outcome: 'time-out' } } })
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(1000)
    start(desk, 'c', ['a-p'])
    desk.pass(1000)
    desk.news()
    desk.pass(29_000)
    expect(desk.headlines()).toEqual(['PlacementTimedOut', 'MatchmakingSearching b'])
    expect(desk.told('a')).toBe('CANCELLED | Cancelled | Cancelled due to duplicate player')
    desk.pass(1000)
    expect([desk.status('b'), desk.status('c')]).toEqual(['PLACING', 'PLACING'])
  })
})

describe('retention', () => {
  it('keeps as many finished tickets as allowed; an evicted id is unknown and free again', () => {
    const desk = aDesk({ options: { limits: { finishedTickets: 2 } } })
    for (const ticketId of ['a', 'b', 'c']) {
      start(desk, ticketId)
      desk.send('StopMatchmaking', { TicketId: ticketId })
    }
    expect(desk.ticket('a')).toBeUndefined()
    expect(desk.refused('StopMatchmaking', { TicketId: 'a' }).type).toBe('NotFoundException')
    expect(
      desk.refused('StartMatchmaking', { TicketId: 'b', ConfigurationName: 'duel', Players: [{ PlayerId: 'x' }] }).type,
    ).toBe('InvalidRequestException')
    start(desk, 'a')
    expect(desk.status('a')).toBe('QUEUED')
  })

  it('keeps fewer when backfills of large sessions fill them with players, also from a snapshot on', () => {
    const { desk, arn } = aHalfFullSession({ options: { limits: { finishedTickets: 4 } } })
    const many = Array.from({ length: 19 }, (_, i) => `p${i}`)
    const end = (one: Desk, ticketId: string) => {
      backfill(one, ticketId, arn, many)
      one.send('StopMatchmaking', { TicketId: ticketId })
    }
    end(desk, 'fill-1') // 19 and the two who started the session: 21 of 40
    const later = desk.reopened(desk.engine.snapshot())
    for (const one of [desk, later]) {
      end(one, 'fill-2')
      expect(['a', 'b', 'fill-1', 'fill-2'].map((ticketId) => one.status(ticketId))).toEqual([
        'COMPLETED',
        'COMPLETED',
        'CANCELLED',
        'CANCELLED',
      ])
      end(one, 'fill-3')
      expect(['a', 'b', 'fill-1', 'fill-2', 'fill-3'].map((ticketId) => one.status(ticketId))).toEqual([
        undefined,
        undefined,
        undefined,
        'CANCELLED',
        'CANCELLED',
      ])
    }
  })

  it('lets finished tickets go after 30 days', () => {
    const desk = aDesk()
    start(desk, 'a')
    desk.send('StopMatchmaking', { TicketId: 'a' })
    desk.pass(30 * 86_400_000)
    start(desk, 'b')
    expect(desk.status('a')).toBe('CANCELLED')
    desk.pass(1)
    start(desk, 'c')
    expect(desk.ticket('a')).toBeUndefined()
  })
})

describe('DescribeMatchmaking', () => {
  it('answers in the order asked, each ticket once, and leaves out what it does not know', () => {
    const desk = aDesk()
    start(desk, 'a')
    start(desk, 'b')
    const { TicketList } = desk.read('DescribeMatchmaking', { TicketIds: ['b', 'nobody', 'a', 'b'] })
    expect(TicketList).toMatchObject([{ TicketId: 'b' }, { TicketId: 'a' }])
    expect(desk.read('DescribeMatchmaking', { TicketIds: ['nobody'] })).toEqual({ TicketList: [] })
  })

  it('refuses no ids and more than ten', () => {
    const desk = aDesk()
    for (const TicketIds of [[], Array.from({ length: 11 }, (_, i) => `t${i}`)]) {
      expect(() => desk.read('DescribeMatchmaking', { TicketIds })).toThrow(/1 to 10 ticket ids/)
    }
  })
})
