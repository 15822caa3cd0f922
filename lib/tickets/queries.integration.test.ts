import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import type { Channel } from '#lib/environments/environment.ts'
import type { TicketFact } from '#lib/flexmatch/events.ts'
import { aDescribe, anEvent, aTicket, START } from '#lib/flexmatch/testing/builders.ts'
import { getMatch } from './get-match.ts'
import { getSession } from './get-session.ts'
import { getTicket } from './get-ticket.ts'
import { ingest } from './ingest.ts'
import { listMatches } from './list-matches.ts'
import { listSessions } from './list-sessions.ts'
import { overview } from './overview.ts'
import { markRequested } from './requests.ts'
import { search } from './search.ts'
import { arrivalsOf } from './testing/arrivals.ts'

const database = testDatabase()
const ENVIRONMENT = 'local'
const SESSION = 'arn:aws:gamelift:eu-central-1::gamesession/fleet-1/session-1'

const party = (ana?: boolean) => [
  aTicket('t1', [{ playerId: 'ana', team: 'blue', ...(ana === undefined ? {} : { accepted: ana }) }]),
  aTicket('t2', [{ playerId: 'raj', team: 'red' }]),
]
const waiting = [
  anEvent('MatchmakingSearching', { time: 100, tickets: [aTicket('t1', ['ana'])] }),
  anEvent('MatchmakingSearching', { time: 200, tickets: [aTicket('t2', ['raj'])] }),
  aDescribe(300, { ticketId: 't1' }),
  anEvent('PotentialMatchCreated', { time: 5_000, tickets: party() }),
  anEvent('AcceptMatch', { time: 6_000, tickets: party(true) }),
]
const completed = [
  anEvent('MatchmakingSearching', { time: 1_000, tickets: [aTicket('t3', ['sam'])] }),
  anEvent('PotentialMatchCreated', {
    time: 2_000,
    tickets: [aTicket('t3', ['sam'])],
    matchId: 'm2',
    acceptanceRequired: false,
  }),
  anEvent('MatchmakingSucceeded', {
    time: 3_000,
    matchId: 'm2',
    tickets: [aTicket('t3', [{ playerId: 'sam', playerSessionId: 'psess-1' }])],
    session: { gameSessionArn: SESSION, ipAddress: '203.0.113.5', port: 4192 },
  }),
  anEvent('MatchmakingSearching', { time: 4_000, tickets: [aTicket('fill', ['sam'])] }),
  aDescribe(7_000, {
    ticketId: 'fill',
    kind: 'auto-backfill',
    gameSessionArn: SESSION,
    players: [{ playerId: 'sam', team: 'blue', attributes: {}, latencyMs: {}, playerSessionId: null }],
  }),
]

beforeAll(async () => {
  await ingest(database.db, ENVIRONMENT, arrivalsOf([...waiting, ...completed]), START + 7_000)
})

describe('a ticket', () => {
  it('is shown with its players, its timeline, the other tickets of its match and every raw fact', async () => {
    const ticket = await getTicket(database.db, ENVIRONMENT, 't1', START + 8_000)
    expect(ticket).toMatchObject({
      status: 'REQUIRES_ACCEPTANCE',
      cause: 'proposed',
      described: true,
      connection: null,
    })
    expect(ticket?.players).toMatchObject([
      { playerId: 'ana', answer: 'accepted', mayAnswer: true, attributes: { skill: { N: 10 } } },
    ])
    expect(ticket?.timeline.map(({ text, durationMs }) => [text, durationMs])).toEqual([
      ['Queued', 100],
      ['Searching', 4_900],
      ['Attributes and latency read from GameLift', null],
      ['Match proposed', null],
      ['ana accepted', null],
    ])
    expect(ticket?.matchTickets.map((row) => row.ticketId)).toEqual(['t2'])
    expect(ticket?.facts.map((fact) => fact.type)).toEqual([
      'MatchmakingSearching',
      'TicketDescribed',
      'PotentialMatchCreated',
      'AcceptMatch',
    ])
    expect(ticket?.freshness).toEqual({
      confirmedAt: new Date(START + 6_000).toISOString(),
      source: 'event',
      presumed: false,
      stale: false,
    })
  })

  it('marks in its timeline what was forced in the lab', async () => {
    const timedOut = { ...anEvent('MatchmakingTimedOut', { time: 1_000 }), forced: true as const }
    await ingest(database.db, 'lab', arrivalsOf([anEvent('MatchmakingSearching'), timedOut]), START + 2_000)
    const ticket = await getTicket(database.db, 'lab', 't1', START + 3_000)
    expect(ticket?.timeline.map(({ text, forced }) => [text, forced])).toEqual([
      ['Queued', false],
      ['Searching', false],
      ['Timed out', true],
    ])
  })

  it('says in its timeline by which channels each event came', async () => {
    const by = (channel: Channel, fact: TicketFact) => arrivalsOf([fact]).map((arrival) => ({ ...arrival, channel }))
    const [searching, timedOut] = [anEvent('MatchmakingSearching'), anEvent('MatchmakingTimedOut', { time: 9_000 })]
    const arrivals = [
      ...by('sqs', searching),
      ...by('sns', searching),
      ...by('sqs', searching),
      ...by('eventbridge', timedOut),
    ]
    await ingest(database.db, 'channels', [...arrivals, ...arrivalsOf([aDescribe(5_000)])], START + 10_000)
    const ticket = await getTicket(database.db, 'channels', 't1', START + 11_000)
    expect(ticket?.timeline.map(({ text, channels }) => [text, channels])).toEqual([
      ['Queued', []],
      ['Searching', ['sns', 'sqs']],
      ['Attributes and latency read from GameLift', []],
      ['Timed out', ['eventbridge']],
    ])
  })

  it('is stale when nothing has confirmed it for more than a minute', async () => {
    const ticket = await getTicket(database.db, ENVIRONMENT, 't1', START + 66_001)
    expect(ticket?.freshness.stale).toBe(true)
    expect((await getTicket(database.db, ENVIRONMENT, 't3', START + 66_001))?.freshness.stale).toBe(false)
  })

  it('shows what operators asked for in its timeline, with who and what came of it', async () => {
    await database.db.query(
      `insert into audit (at, person_name, environment, action, target, input, request_id, outcome, outcome_message,
         finished_at)
       values ($1, 'Mia', $2, 'ticket.cancel', 't1', '{"ticketId":"t1"}', gen_random_uuid(), 'refused', 'Too late.', $1)`,
      [new Date(START + 5_500), ENVIRONMENT],
    )
    const ticket = await getTicket(database.db, ENVIRONMENT, 't1', START + 8_000)
    expect(ticket?.timeline.find((entry) => entry.kind === 'request')).toMatchObject({
      text: 'Cancel requested',
      by: 'Mia',
      detail: 'Refused: Too late.',
      taken: 'refused',
    })
  })

  it('is null when the index has never heard of it', async () => {
    expect(await getTicket(database.db, ENVIRONMENT, 'nobody')).toBeNull()
  })

  it('names where to connect once it is completed', async () => {
    const ticket = await getTicket(database.db, ENVIRONMENT, 't3')
    expect(ticket).toMatchObject({ status: 'COMPLETED', connection: { gameSessionArn: SESSION, port: 4192 } })
    expect(ticket?.players[0]?.playerSessionId).toBe('psess-1')
  })
})

describe('matches', () => {
  it('are listed newest first', async () => {
    const { rows, nextCursor } = await listMatches(database.db, ENVIRONMENT)
    expect(rows.map((row) => [row.matchId, row.status, row.playerCount])).toEqual([
      ['m1', 'proposed', 2],
      ['m2', 'completed', 1],
    ])
    expect(nextCursor).toBeNull()
  })

  it('show teams with answers, tickets and the rules they passed', async () => {
    const match = await getMatch(database.db, ENVIRONMENT, 'm1')
    expect(match?.teams.map(({ name, players }) => [name, players.map((player) => player.answer)])).toEqual([
      ['blue', ['accepted']],
      ['red', [null]],
    ])
    expect(match).toMatchObject({ status: 'proposed', acceptanceRequired: true, ticketCount: 2 })
    expect(match?.ruleEvaluationMetrics).toHaveLength(1)
    expect(match?.tickets.map((row) => row.ticketId)).toEqual(['t1', 't2'])
    expect(await getMatch(database.db, ENVIRONMENT, 'nothing')).toBeNull()
  })
})

describe('recorded facts', () => {
  it('of one time are shown in the order in which they happened', async () => {
    const tickets = [aTicket('t1', ['ana'])]
    const facts = [
      anEvent('MatchmakingSucceeded', { time: 100, tickets }),
      anEvent('PotentialMatchCreated', { time: 100, tickets, acceptanceRequired: false }),
      anEvent('MatchmakingSearching', { time: 100, tickets }),
    ]
    await ingest(database.db, 'tied', arrivalsOf(facts), START + 200)
    const [ticket, match] = [await getTicket(database.db, 'tied', 't1'), await getMatch(database.db, 'tied', 'm1')]
    expect(ticket?.facts.map(({ type }) => type)).toEqual(facts.map(({ detail }) => detail.type).reverse())
    expect(match?.facts.map(({ type }) => type)).toEqual(['PotentialMatchCreated', 'MatchmakingSucceeded'])
  })
})

describe('game sessions', () => {
  it('are listed and found by ARN or id, with the open backfill tickets', async () => {
    expect((await listSessions(database.db, ENVIRONMENT)).rows).toMatchObject([
      { gameSessionArn: SESSION, matchId: 'm2' },
    ])
    for (const name of [SESSION, 'session-1']) {
      const session = await getSession(database.db, ENVIRONMENT, name)
      expect(session?.backfillTickets).toMatchObject([{ ticketId: 'fill', kind: 'auto-backfill' }])
    }
    expect(await getSession(database.db, ENVIRONMENT, 'nothing')).toBeNull()
  })
})

describe('search', () => {
  it.each([
    ['t1', `/local/tickets/t1`],
    [' m2 ', `/local/matches/m2`],
    [SESSION, `/local/sessions/${encodeURIComponent(SESSION)}`],
    ['session-1', `/local/sessions/${encodeURIComponent(SESSION)}`],
    ['ana', `/local/tickets?tab=all&playerId=ana`],
  ])('finds %s', async (text, href) => {
    expect(await search(database.db, ENVIRONMENT, text, { players: true })).toMatchObject({ found: true, href })
  })

  it('tells those who may not search by player id nothing of players', async () => {
    const answers = await Promise.all(
      ['ana', 'zzz'].map((id) => search(database.db, ENVIRONMENT, id, { players: false })),
    )
    expect(answers.map((answer) => !answer.found && answer.message)).toEqual([
      'No ticket, match or game session of local is called ana. Your role may not search by player id.',
      'No ticket, match or game session of local is called zzz. Your role may not search by player id.',
    ])
    expect(await search(database.db, ENVIRONMENT, 't1', { players: false })).toMatchObject({ kind: 'ticket' })
  })

  it('says what it did not find', async () => {
    expect(await search(database.db, ENVIRONMENT, 'zzz', { players: true })).toEqual({
      found: false,
      message: 'No ticket, player, match or game session of local is called zzz.',
    })
    expect(await search(database.db, ENVIRONMENT, 'a\0b', { players: true })).toMatchObject({ found: false })
  })
})

describe('the overview', () => {
  it('counts, and names the oldest open ticket of each configuration', async () => {
    const view = await overview(database.db, ENVIRONMENT, START + 8_000)
    expect(view.counts).toMatchObject({ open: 3, all: 4, REQUIRES_ACCEPTANCE: 2, SEARCHING: 1, COMPLETED: 1, GONE: 0 })
    expect(view.configurations).toMatchObject([{ configuration: 'arena-ranked', open: 3, oldestTicketId: 'fill' }])
    expect(view.attention).toEqual([])
    expect(view.lastEventAt).toBe(new Date(START + 6_000).toISOString())
  })

  it('calls for attention when nothing confirms what is open and no event comes in', async () => {
    const { attention } = await overview(database.db, ENVIRONMENT, START + 400_000)
    expect(attention.map(({ severity, text }) => [severity, text.slice(0, 24)])).toEqual([
      ['bad', 'No event has come in for'],
      ['warning', 'Nothing has confirmed 3 '],
      ['warning', 'The request timeout of a'],
    ])
  })
})

describe('a request', () => {
  const request = { at: START + 7_000, by: 'Mia', auditId: '1' }

  it('is shown until a fact overtakes it', async () => {
    const facts = [anEvent('MatchmakingSearching', { tickets: [aTicket('r1', ['kim'])] })]
    await ingest(database.db, 'requests', arrivalsOf(facts), START)
    expect(await markRequested(database.db, 'requests', 'r1', { ...request, action: 'cancel' })).toBe(true)
    expect((await getTicket(database.db, 'requests', 'r1', START))?.requested).toEqual({
      action: 'cancel',
      at: new Date(request.at).toISOString(),
      by: 'Mia',
    })
    const cancelled = anEvent('MatchmakingCancelled', { time: 7_500, tickets: [aTicket('r1', ['kim'])] })
    await ingest(database.db, 'requests', arrivalsOf([cancelled]), START + 7_600)
    expect((await getTicket(database.db, 'requests', 'r1', START))?.requested).toBeNull()
  })

  it('is not shown when its outcome is known already', async () => {
    expect(await markRequested(database.db, 'requests', 'r1', { ...request, action: 'cancel' })).toBe(false)
    expect(await markRequested(database.db, 'requests', 'nobody', { ...request, action: 'cancel' })).toBe(false)
  })

  it('of an answer is shown on its player only, until that player has answered', async () => {
    const tickets = [aTicket('r2', ['lee', 'kim'])]
    const proposed = [
      anEvent('MatchmakingSearching', { tickets }),
      anEvent('PotentialMatchCreated', { time: 10, tickets, matchId: 'mr' }),
    ]
    await ingest(database.db, 'requests', arrivalsOf(proposed), START)
    await markRequested(database.db, 'requests', 'r2', { ...request, action: 'accept', playerIds: ['lee'] })
    const shown = await getTicket(database.db, 'requests', 'r2', START)
    expect(shown?.players.map((player) => player.requested?.action ?? null)).toEqual(['accept', null])
    const answered = [aTicket('r2', [{ playerId: 'lee', accepted: true }, 'kim'])]
    const answer = anEvent('AcceptMatch', { time: 8_000, tickets: answered, matchId: 'mr' })
    await ingest(database.db, 'requests', arrivalsOf([answer]), START)
    const after = await getTicket(database.db, 'requests', 'r2', START)
    expect(after?.players.map((player) => player.requested)).toEqual([null, null])
  })
})
