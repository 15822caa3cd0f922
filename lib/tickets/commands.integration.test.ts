import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { carryOut } from '#lib/access/carry-out.ts'
import type { Action } from '#lib/access/roles.ts'
import { ownPage, personWithRole, testAccess } from '#lib/access/testing/access.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import { anEvent, aTicket, START } from '#lib/flexmatch/testing/builders.ts'
import type { Matchmaker } from '#lib/matchmaker/matchmaker.ts'
import * as commands from './commands.ts'
import { ingest } from './ingest.ts'
import { AnswerMatchInput, CancelTicketInput, StartBackfillInput, TurnOffAutomaticBackfillInput } from './inputs.ts'
import { listTickets } from './list-tickets.ts'
import { arrivalsOf } from './testing/arrivals.ts'

const database = testDatabase()
const ARN = 'arn:aws:gamelift:us-east-1::gamesession/fleet-1/gsess-1'
const MATCHMAKER_DATA = JSON.stringify({
  teams: [
    {
      name: 'red',
      players: [{ playerId: 'ana', attributes: { skill: { attributeType: 'DOUBLE', valueAttribute: 5 } } }],
    },
    { name: 'blue', players: [{ playerId: 'bo', attributes: {} }] },
  ],
})

let ids: { t1: string; t2: string }
beforeEach(async () => {
  ids = { t1: `t-${randomUUID()}`, t2: `t-${randomUUID()}` }
  const tickets = [aTicket(ids.t1, ['ana']), aTicket(ids.t2, ['bo', 'cy'])]
  await ingest(
    database.db,
    'local',
    arrivalsOf([
      anEvent('MatchmakingSearching', { id: randomUUID(), tickets }),
      anEvent('PotentialMatchCreated', { id: randomUUID(), time: 10, tickets, matchId: `m-${ids.t1}` }),
    ]),
    START + 20,
  )
})

/** Runs a command as the actions do, against a matchmaker that does what `fates` say and keeps what it was asked. */
async function desk(fates: Partial<Matchmaker> = {}) {
  const access = testAccess(database.db)
  const { cookie } = await personWithRole(database.db, 'operator', access.now())
  const asked: unknown[][] = []
  const looked: string[][] = []
  const keep =
    (name: keyof Matchmaker) =>
    async (...given: unknown[]) => {
      asked.push([name, ...given])
      return (fates[name] as ((...given: unknown[]) => unknown) | undefined)?.(...given)
    }
  const matchmaker = {
    stop: keep('stop'),
    accept: keep('accept'),
    startBackfill: keep('startBackfill'),
    describeTickets: async () => [],
    describeGameSession: async () => null,
    ...Object.fromEntries(Object.entries(fates).filter(([name]) => name.startsWith('describe'))),
  } as unknown as Matchmaker
  const run = <T>(
    schema: object,
    action: Action,
    input: object,
    work: (c: commands.Commanding, input: never) => Promise<T>,
  ) =>
    carryOut(
      access,
      ownPage(cookie),
      schema as typeof CancelTicketInput,
      action,
      { environment: 'local', requestId: randomUUID(), reason: 'stuck', confirmation: 'local', ...input },
      (parsed, call) =>
        work(
          {
            db: database.db,
            matchmaker,
            call,
            describeNow: async () => {},
            describeSoon: (ticketIds) => looked.push([...ticketIds]),
          },
          parsed as never,
        ),
    )
  return {
    asked,
    looked,
    cancel: (input: object) =>
      run(CancelTicketInput, 'ticket.cancel', input, (c, { ticketId }: { ticketId: string }) =>
        commands.cancel(c, ticketId),
      ),
    answer: (input: object) => run(AnswerMatchInput, 'match.answer', input, commands.answerMatch),
    backfill: (input: object) => run(StartBackfillInput, 'backfill.start', input, commands.startBackfill),
    off: (input: object) =>
      run(TurnOffAutomaticBackfillInput, 'backfill.off', input, (c, parsed: { gameSessionArn: string }) =>
        commands.turnOffAutomaticBackfill(c, parsed.gameSessionArn),
      ),
  }
}

async function row(ticketId: string) {
  const filter = {
    tab: 'all',
    configuration: null,
    kind: null,
    playerId: null,
    minAgeSeconds: null,
    presumed: false,
    order: 'newest',
    cursor: null,
  } as const
  return (await listTickets(database.db, 'local', { ...filter, ticketId })).rows[0]
}

describe('cancelling', () => {
  it('shows the row as requested, by whom, and leaves its status to the events', async () => {
    const { cancel, asked, looked } = await desk()
    expect(await cancel({ ticketId: ids.t1 })).toMatchObject({ success: true })
    expect(asked).toEqual([['stop', ids.t1]])
    expect(await row(ids.t1)).toMatchObject({ status: 'REQUIRES_ACCEPTANCE', requested: { action: 'cancel' } })
    expect(looked).toEqual([[ids.t1]])
  })

  it('that came too late shows nothing as requested, and looks again', async () => {
    const { cancel, looked } = await desk({
      stop: () => Promise.reject(new AppError('TOO_LATE', `Too late to cancel: ${ids.t1}`)),
    })
    expect(await cancel({ ticketId: ids.t1 })).toMatchObject({ success: false, error: { code: 'TOO_LATE' } })
    expect((await row(ids.t1))?.requested).toBeNull()
    expect(looked).toEqual([[ids.t1]])
  })

  it('sent twice reaches the matchmaker once', async () => {
    const { cancel, asked } = await desk()
    const click = { ticketId: ids.t1, requestId: randomUUID() }
    await Promise.all([cancel(click), cancel(click)])
    expect(asked).toHaveLength(1)
  })
})

describe('answering a match', () => {
  it('makes one call and one audit row for each ticket, and each has its own fate', async () => {
    const { answer, asked, looked } = await desk({
      accept: async (ticketId: string) => {
        if (ticketId === ids.t2) throw new AppError('NOT_WAITING', `Ticket ${ids.t2} is not waiting`)
      },
    })
    const requestId = randomUUID()
    const answers = [
      { ticketId: ids.t1, playerIds: ['ana'] },
      { ticketId: ids.t2, playerIds: ['bo', 'cy'] },
    ]
    expect(await answer({ requestId, answer: 'ACCEPT', answers })).toEqual({
      success: true,
      data: [
        { ...answers[0], refused: null, code: null },
        { ...answers[1], refused: `Ticket ${ids.t2} is not waiting`, code: 'NOT_WAITING' },
      ],
    })
    expect(asked).toContainEqual(['accept', ids.t2, ['bo', 'cy'], 'ACCEPT'])
    expect(await row(ids.t1)).toMatchObject({ requested: { action: 'accept' } })
    expect((await row(ids.t2))?.requested).toBeNull()
    expect(looked).toEqual([[ids.t1, ids.t2]])
    const { rows } = await database.db.query(
      'select step, target, outcome from audit where request_id = $1 order by target nulls first, step',
      [requestId],
    )
    expect(rows).toHaveLength(3)
    expect(rows).toContainEqual({ step: 0, target: null, outcome: 'done' })
    expect(rows).toContainEqual(expect.objectContaining({ target: ids.t1, outcome: 'done' }))
    expect(rows).toContainEqual(expect.objectContaining({ target: ids.t2, outcome: 'refused' }))
  })
})

it('an answer to which GameLift said nothing is not called refused', async () => {
  const { answer } = await desk({ accept: () => Promise.reject(new AppError('UNCONFIRMED', 'no answer came')) })
  const answers = [{ ticketId: ids.t1, playerIds: ['ana'] }]
  expect(await answer({ answer: 'ACCEPT', answers })).toMatchObject({ data: [{ code: 'UNCONFIRMED' }] })
})

describe('backfill', () => {
  const session = {
    describeGameSession: async () => ({ gameSessionArn: ARN, matchmakerData: MATCHMAKER_DATA }) as never,
  }

  it('starts with the players the session has now, under an id made from the click', async () => {
    const { backfill, asked } = await desk(session)
    const requestId = randomUUID()
    const input = {
      requestId,
      gameSessionArn: ARN,
      configuration: 'ranked',
      players: [{ playerId: 'bo', team: 'blue', include: false }],
    }
    expect(await backfill(input)).toEqual({ success: true, data: { ticketId: `backfill-${requestId}` } })
    expect(asked).toEqual([
      [
        'startBackfill',
        {
          ticketId: `backfill-${requestId}`,
          configuration: 'ranked',
          gameSessionArn: ARN,
          players: [{ playerId: 'ana', team: 'red', attributes: { skill: { N: 5 } } }],
        },
      ],
    ])
  })

  it('is not started for a session that GameLift does not know', async () => {
    const { backfill, asked } = await desk()
    const input = { gameSessionArn: ARN, configuration: 'ranked', players: [] }
    expect(await backfill(input)).toMatchObject({ success: false, error: { code: 'NOT_FOUND' } })
    expect(asked).toEqual([])
  })

  it('is turned off by stopping the ticket the session names, with an audit row for that stop', async () => {
    let live: string | null = ids.t1
    const { off, asked } = await desk({
      describeGameSession: async () =>
        ({
          gameSessionArn: ARN,
          matchmakerData: JSON.stringify({
            teams: [],
            autoBackfillMode: live && 'AUTOMATIC',
            autoBackfillTicketId: live,
          }),
        }) as never,
      describeTickets: async () => [{ observation: { status: 'SEARCHING' } }] as never,
      stop: async () => {
        live = null
      },
    })
    const requestId = randomUUID()
    expect(await off({ requestId, gameSessionArn: ARN })).toMatchObject({
      success: true,
      data: { stoppedTicketIds: [ids.t1], autoBackfillTicketId: null },
    })
    expect(asked).toEqual([['stop', ids.t1]])
    const { rows } = await database.db.query(
      'select step, target, outcome from audit where request_id = $1 order by step',
      [requestId],
    )
    expect(rows).toEqual([
      { step: 0, target: ARN, outcome: 'done' },
      { step: 1, target: ids.t1, outcome: 'done' },
    ])
    expect(await row(ids.t1)).toMatchObject({ requested: { action: 'cancel' } })
  })
})
