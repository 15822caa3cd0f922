import { describe, expect, it } from 'vitest'
import { ACCEPTANCE, aDesk, answer, type Desk, type Setup, STANDALONE, start, twoTeams } from './testing/desk.ts'

/** Tickets a, b, c of one proposed match of 2v2: a is a party of two. */
function aProposal(setup: Setup = {}): Desk {
  const desk = aDesk({
    ruleSet: twoTeams(2),
    ...setup,
    configuration: { ...ACCEPTANCE, ...setup.configuration },
  })
  start(desk, 'a', ['a1', 'a2'])
  start(desk, 'b')
  start(desk, 'c')
  desk.pass(1000)
  expect(desk.status('a')).toBe('REQUIRES_ACCEPTANCE')
  desk.news()
  return desk
}
const statuses = (desk: Desk) => ['a', 'b', 'c'].map((ticketId) => desk.status(ticketId))
const acceptAll = (desk: Desk) => {
  answer(desk, 'a', 'ACCEPT', ['a1', 'a2'])
  answer(desk, 'b', 'ACCEPT')
  answer(desk, 'c', 'ACCEPT')
}

describe('a proposed match', () => {
  it('is announced with its limit, its teams and a match id', () => {
    const desk = aDesk({ configuration: ACCEPTANCE })
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(1000)
    const proposal = desk.news()[2]
    expect(proposal).toMatchObject({
      type: 'PotentialMatchCreated',
      acceptanceRequired: true,
      acceptanceTimeout: 20,
      matchId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    if (!proposal || !('tickets' in proposal)) throw new Error('no proposal')
    expect(proposal.gameSessionInfo.players).toEqual(proposal.tickets.flatMap(({ players }) => players))
    expect(proposal.gameSessionInfo.players.map(({ team }) => team).sort()).toEqual(['blue', 'red'])
  })

  it('is placed once the last player accepted', () => {
    const desk = aProposal()
    acceptAll(desk)
    expect(statuses(desk)).toEqual(['PLACING', 'PLACING', 'PLACING'])
    expect(desk.headlines()).toEqual([
      'AcceptMatch a+b+c',
      'AcceptMatch a+b+c',
      'AcceptMatch a+b+c',
      'AcceptMatchCompleted Accepted a+b+c',
    ])
    desk.pass(2000)
    expect(statuses(desk)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED'])
    expect(desk.headlines()).toEqual(['PlacementFulfilled', 'MatchmakingSucceeded a+b+c'])
  })

  it('of a standalone configuration is complete once the last player accepted', () => {
    const desk = aProposal({ configuration: STANDALONE })
    acceptAll(desk)
    expect(statuses(desk)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED'])
    expect(desk.headlines().slice(3)).toEqual(['AcceptMatchCompleted Accepted a+b+c', 'MatchmakingSucceeded a+b+c'])
  })

  it('tells the standing answers with each answer, and none when it is decided', () => {
    const desk = aProposal()
    answer(desk, 'a', 'ACCEPT', ['a2'])
    answer(desk, 'b', 'REJECT')
    const news = desk.news().flatMap((detail) => ('tickets' in detail ? detail : []))
    for (const { tickets, gameSessionInfo } of news) {
      expect(gameSessionInfo.players).toEqual(tickets.flatMap(({ players }) => players))
    }
    const [first, second, completed] = news.map(({ gameSessionInfo }) => gameSessionInfo.players)
    const answers = (players: typeof first) => players?.map(({ accepted }) => accepted)
    expect(answers(first)).toEqual([undefined, true, undefined, undefined])
    expect(answers(second)).toEqual([undefined, true, false, undefined])
    expect(completed?.every((player) => !('accepted' in player))).toBe(true)
  })

  it('is dropped by the first rejection: rejecting and silent tickets are cancelled, accepted ones search again', () => {
    const desk = aProposal()
    answer(desk, 'c', 'ACCEPT')
    answer(desk, 'a', 'ACCEPT', ['a1'])
    desk.news()
    answer(desk, 'b', 'REJECT')
    expect(statuses(desk)).toEqual(['CANCELLED', 'CANCELLED', 'SEARCHING'])
    expect(desk.told('a')).toBe('CANCELLED | AcceptanceTimedOut | Match was not accepted in time.')
    expect(desk.told('b')).toBe('CANCELLED | Rejected | Match was rejected.')
    expect(desk.told('c')).toBe(
      'SEARCHING | AcceptanceFailed | Returned to matchmaking because another ticket did not accept the match.',
    )
    expect(desk.ticket('b')).toHaveProperty('EndTime')
    expect(desk.headlines()).toEqual([
      'AcceptMatch a+b+c',
      'AcceptMatchCompleted Rejected a+b+c',
      'MatchmakingCancelled a',
      'MatchmakingCancelled b',
      'MatchmakingSearching c',
    ])
  })

  it('sends silent tickets of a rejected match back, by option', () => {
    const desk = aProposal({ options: { acceptance: { pendingTickets: 'requeue' } } })
    answer(desk, 'b', 'REJECT')
    expect(statuses(desk)).toEqual(['SEARCHING', 'CANCELLED', 'SEARCHING'])
  })

  it('sends no event for tickets it cancels, by option', () => {
    const desk = aProposal({ options: { acceptance: { cancelledEvent: false } } })
    answer(desk, 'b', 'REJECT')
    expect(desk.headlines()).toEqual(['AcceptMatch a+b+c', 'AcceptMatchCompleted Rejected a+b+c'])
    expect(statuses(desk)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED'])
  })

  it.each(['cancel', 'requeue'] as const)(
    'is dropped in silence: whoever did not answer is cancelled (pending: %s)',
    (pendingTickets) => {
      const desk = aProposal({ options: { acceptance: { pendingTickets } } })
      answer(desk, 'b', 'ACCEPT')
      answer(desk, 'a', 'ACCEPT', ['a1'])
      desk.news()
      desk.pass(19_999)
      expect(desk.status('b')).toBe('REQUIRES_ACCEPTANCE')
      desk.pass(1)
      expect(statuses(desk)).toEqual(['CANCELLED', 'SEARCHING', 'CANCELLED'])
      expect(desk.headlines()).toEqual([
        'AcceptMatchCompleted TimedOut a+b+c',
        'MatchmakingCancelled a',
        'MatchmakingCancelled c',
        'MatchmakingSearching b',
      ])
    },
  )

  it('leaves a ticket with its old start time, and a later match has a new id', () => {
    const desk = aDesk({ configuration: ACCEPTANCE })
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(1000)
    answer(desk, 'a', 'ACCEPT')
    answer(desk, 'b', 'REJECT')
    start(desk, 'c')
    desk.pass(2000)
    const ids = desk.news().flatMap((detail) => (detail.type === 'PotentialMatchCreated' ? detail.matchId : []))
    expect(new Set(ids).size).toBe(2)
    expect(desk.told('a')).toBe('REQUIRES_ACCEPTANCE')
  })

  it('does not cut a ticket off at its request time-out; one that comes back too old times out unannounced', () => {
    const desk = aProposal({ configuration: { RequestTimeoutSeconds: 10 } })
    answer(desk, 'b', 'ACCEPT')
    desk.news()
    desk.pass(15_000)
    expect(desk.status('b')).toBe('REQUIRES_ACCEPTANCE')
    desk.pass(5000)
    expect(desk.told('b')).toBe('TIMED_OUT | TimedOut | Removed from matchmaking due to timing out.')
    const details = desk.news()
    expect(details.map(({ type }) => type)).not.toContain('MatchmakingSearching')
    expect(details.at(-1)).toMatchObject({
      type: 'MatchmakingTimedOut',
      matchId: expect.any(String),
      tickets: [{ ticketId: 'b', players: [{ team: expect.any(String) }] }],
    })
  })
})

describe('AcceptMatch', () => {
  it('takes the same answer again, and a rejection after an acceptance', () => {
    const desk = aProposal()
    answer(desk, 'b', 'ACCEPT')
    answer(desk, 'b', 'ACCEPT')
    expect(desk.status('b')).toBe('REQUIRES_ACCEPTANCE')
    answer(desk, 'b', 'REJECT')
    expect(desk.told('b')).toBe('CANCELLED | Rejected | Match was rejected.')
  })

  it.each([
    ['a ticket it does not know', 'nobody', ['x'], 'NotFoundException'],
    ['a player of another ticket of the match', 'b', ['b-p', 'a1'], 'InvalidRequestException'],
    ['no players', 'b', [], 'InvalidRequestException'],
  ])('refuses %s and records nothing', (_case, TicketId, PlayerIds, type) => {
    const desk = aProposal()
    expect(desk.refused('AcceptMatch', { TicketId, PlayerIds, AcceptanceType: 'ACCEPT' }).type).toBe(type)
  })

  it.each(['ACCEPT', 'REJECT'] as const)(
    'does not take an answer (%s) after the time to answer, though no Tick has come',
    (type) => {
      const desk = aProposal()
      answer(desk, 'a', 'ACCEPT', ['a1', 'a2'])
      answer(desk, 'b', 'ACCEPT')
      desk.nowMs += 20_000
      const input = { TicketId: 'c', PlayerIds: ['c-p'], AcceptanceType: type }
      expect(desk.refused('AcceptMatch', input)).toMatchObject({
        type: 'InvalidRequestException',
        message: 'The time to accept the proposed match of matchmaking ticket c is over.',
      })
      desk.news()
      desk.tick()
      expect(statuses(desk)).toEqual(['SEARCHING', 'SEARCHING', 'CANCELLED'])
      expect(desk.headlines()[0]).toBe('AcceptMatchCompleted TimedOut a+b+c')
    },
  )

  it('takes an answer in the last millisecond', () => {
    const desk = aProposal()
    answer(desk, 'a', 'ACCEPT', ['a1', 'a2'])
    answer(desk, 'b', 'ACCEPT')
    desk.nowMs += 19_999
    answer(desk, 'c', 'ACCEPT')
    expect(statuses(desk)).toEqual(['PLACING', 'PLACING', 'PLACING'])
  })

  it('refuses a ticket that waits for no answer', () => {
    const desk = aProposal()
    answer(desk, 'b', 'REJECT')
    const input = { TicketId: 'b', PlayerIds: ['b-p'], AcceptanceType: 'ACCEPT' }
    expect(desk.refused('AcceptMatch', input)).toMatchObject({
      type: 'InvalidRequestException',
      message: 'Matchmaking ticket is in CANCELLED status and cannot be accepted or rejected.',
    })
  })
})
