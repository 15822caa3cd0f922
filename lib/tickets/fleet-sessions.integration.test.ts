import { randomUUID } from 'node:crypto'
import { TerminateGameSessionCommand, UpdateGameSessionCommand } from '@aws-sdk/client-gamelift'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLeases } from '#lib/db/leases.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import { anEvent, START } from '#lib/flexmatch/testing/builders.ts'
import { createCallBudget, readCallBudget } from '#lib/matchmaker/call-budget.ts'
import { connect } from '#lib/matchmaker/connect.ts'
import { gameLift } from '#lib/matchmaker/gamelift.ts'
import type { FleetPage } from '#lib/matchmaker/matchmaker.ts'
import { type FakeAws, startFakeAws } from '#lib/testing/aws/fake-aws.ts'
import { NO_FAULTS } from '#lib/testing/aws/fault-plan.ts'
import { fleetsToRead, type Reading, readFleets, type SessionLister, startReadingFleets } from './fleet-sessions.ts'
import { ingest } from './ingest.ts'
import { listSessions } from './list-sessions.ts'
import { arrivalsOf } from './testing/arrivals.ts'
import { type CoOpGame, coOpGame } from './testing/co-op-game.ts'

const database = testDatabase()
const FLEET = 'fleet-11111111-1111-4111-8111-111111111111'
const ALIAS = 'alias-22222222-2222-4222-8222-222222222222'
const MINUTE_MS = 60_000

let aws: FakeAws
let onFleet: CoOpGame
let onAlias: CoOpGame
let lister: SessionLister
let environment: string
let reading: Reading
beforeAll(async () => {
  aws = await startFakeAws()
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value)
  const at = { endpoint: aws.engine.endpoint, region: aws.region }
  onFleet = await coOpGame(at, 'on-fleet', `arn:aws:gamelift:${aws.region}::fleet/${FLEET}`)
  onAlias = await coOpGame(at, 'on-alias', `arn:aws:gamelift:${aws.region}::alias/${ALIAS}`)
  lister = gameLift(connect(anEnvironment({ kind: 'aws', region: aws.region, endpoint: null })))
})
beforeEach(() => {
  environment = `e-${randomUUID().slice(0, 8)}`
  reading = { at: 0, begun: new Map() }
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await aws?.stop()
})

const pass = (fleets: string[], { at = Date.now(), by = lister } = {}) =>
  readFleets(database.db, { name: environment, fleets }, by, reading, () => at)
const list = () => listSessions(database.db, environment)
const sessionOf = async (arn: string) => (await list()).rows.find(({ gameSessionArn }) => gameSessionArn === arn)

describe('game sessions by fleet', () => {
  it('are listed by the fleet and the alias that are named, with all GameLift tells of them', async () => {
    const [one, other] = [await onFleet.place('one'), await onAlias.place('one')]
    await onFleet.gamelift.send(
      new UpdateGameSessionCommand({ GameSessionId: one, PlayerSessionCreationPolicy: 'DENY_ALL' }),
    )
    expect(await pass([FLEET, ALIAS])).toMatchObject({ complete: true, failure: null })
    const { rows, fleets } = await list()
    expect(rows.map(({ gameSessionArn }) => gameSessionArn).sort()).toEqual([one, other].sort())
    expect(rows.find(({ gameSessionArn }) => gameSessionArn === one)).toMatchObject({
      configuration: 'on-fleet',
      matchId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      source: 'describe',
      playerCount: 2,
      told: {
        ...{ status: 'ACTIVE', currentPlayers: 2, maximumPlayers: 4, creationPolicy: 'DENY_ALL' },
        ...{ by: FLEET, unlistedAt: null },
      },
    })
    expect(rows.find(({ gameSessionArn }) => gameSessionArn === other)?.told?.by).toBe(ALIAS)
    expect(fleets).toMatchObject([
      { fleet: ALIAS, sessions: 1, problem: null },
      { fleet: FLEET, sessions: 1, problem: null },
    ])
  })

  it('are one with those that matches tell of, whichever is heard of first', async () => {
    const [first, second] = [await onFleet.place('event-first'), await onFleet.place('list-first')]
    const succeeded = (arn: string) =>
      anEvent('MatchmakingSucceeded', { matchId: `m-${arn}`, session: { gameSessionArn: arn } })
    await ingest(database.db, environment, arrivalsOf([succeeded(first)]), START)
    expect((await sessionOf(first))?.told).toBeNull()
    await pass([FLEET])
    await ingest(database.db, environment, arrivalsOf([succeeded(second)]), START)
    for (const arn of [first, second]) {
      expect(await sessionOf(arn)).toMatchObject({
        ...{ source: 'event', matchId: `m-${arn}`, playerCount: 1 },
        told: { status: 'ACTIVE', currentPlayers: 2, by: FLEET },
      })
    }
  })

  it('that are listed no more are labelled at once, and then asked about one by one', async () => {
    const arn = await onFleet.place('ends')
    const now = Date.now()
    await pass([FLEET], { at: now })
    const end = { GameSessionId: arn, TerminationMode: 'FORCE_TERMINATE' as const }
    await onFleet.gamelift.send(new TerminateGameSessionCommand(end))
    const ended = async () => (await lister.describeGameSession(arn))?.status
    await expect.poll(ended, { timeout: 10_000 }).toBe('TERMINATED')
    await pass([FLEET], { at: now + 1_000 })
    expect((await sessionOf(arn))?.told).toMatchObject({
      status: 'ACTIVE',
      seenAt: new Date(now).toISOString(),
      unlistedAt: new Date(now + 1_000).toISOString(),
    })
    await pass([FLEET], { at: now + 2 * MINUTE_MS })
    expect((await sessionOf(arn))?.told).toMatchObject({ status: 'TERMINATED', unlistedAt: null })
  })

  it('that GameLift does not know any more are GONE, and not asked about again', async () => {
    const arn = `arn:aws:gamelift:${aws.region}::gamesession/${FLEET}/never-was`
    const once: SessionLister = { ...lister, listFleetSessions: async () => pageOf([arn]) }
    const now = Date.now()
    await pass([FLEET], { at: now, by: once })
    await pass([FLEET], { at: now + 1_000 })
    await pass([FLEET], { at: now + 2 * MINUTE_MS })
    expect((await sessionOf(arn))?.told).toMatchObject({ status: 'GONE' })
    const asked = aws.gamelift.calls.length
    await pass([FLEET], { at: now + 4 * MINUTE_MS })
    expect(aws.gamelift.calls.length - asked).toBe(1)
  })

  it('of a fleet that the environment does not name any more are labelled too', async () => {
    const arn = await onFleet.place('unnamed')
    await pass([FLEET])
    await pass([ALIAS])
    expect((await sessionOf(arn))?.told?.unlistedAt).not.toBeNull()
    expect((await list()).fleets.map(({ fleet }) => fleet)).toEqual([ALIAS])
  })
})

describe('reading fleets', () => {
  it('stops when GameLift throttles, says so, keeps what is known, and goes on afterwards', async () => {
    const arn = await onFleet.place('throttled')
    await pass([FLEET, ALIAS])
    const before = await sessionOf(arn)
    aws.plan({ throttlePercent: 100 })
    const calls = aws.gamelift.calls.length
    expect(await pass([FLEET, ALIAS])).toMatchObject({ complete: false, failure: { code: 'MATCHMAKER_UNAVAILABLE' } })
    expect(aws.gamelift.calls.length - calls).toBe(2) // the one question, and the second try of the SDK
    expect(await sessionOf(arn)).toEqual(before)
    expect((await list()).fleets[0]).toMatchObject({ fleet: FLEET, problem: expect.stringContaining('fewer requests') })
    aws.plan(NO_FAULTS)
    expect(await pass([FLEET, ALIAS])).toMatchObject({ complete: true })
    expect((await list()).fleets).toMatchObject([{ problem: null }, { problem: null, problemSince: null }])
  })

  it('stays within the budget of calls, and takes a budget that is used up for no fault of the fleet', async () => {
    const used = await readCallBudget(database.db, environment)
    expect(used).toBeNull()
    const budget = createCallBudget(database.db, { name: environment, callsPerSecond: 5 })
    const clients = connect(anEnvironment({ kind: 'aws', region: aws.region, endpoint: null }), { budget })
    expect(await pass([FLEET, ALIAS], { by: gameLift(clients) })).toMatchObject({ complete: true, pages: 2 })
    expect((await readCallBudget(database.db, environment))?.usedLastMinute).toBe(2)
    await database.db.query(`update call_budgets set tokens = -1000, at = clock_timestamp() where environment = $1`, [
      environment,
    ])
    const calls = aws.gamelift.calls.length
    expect(await pass([FLEET, ALIAS], { by: gameLift(clients) })).toMatchObject({
      complete: false,
      failure: { code: 'MATCHMAKER_UNAVAILABLE' },
    })
    expect(aws.gamelift.calls.length).toBe(calls)
    expect((await list()).fleets).toMatchObject([{ problem: null }, { problem: null }])
    clients.close()
  })

  it('says which fleet is not there, and reads the others', async () => {
    const arn = await onAlias.place('beside')
    const nowhere = 'fleet-99999999-9999-4999-8999-999999999999'
    expect(await pass([nowhere, ALIAS])).toMatchObject({ complete: true, failure: null })
    expect(await sessionOf(arn)).toBeDefined()
    expect((await list()).fleets).toMatchObject([
      { fleet: nowhere, listedAt: null, problem: expect.stringContaining('does not exist') },
      { fleet: ALIAS, problem: null },
    ])
  })

  it('makes few calls in a pass, goes on where it stopped, and judges only by a whole reading', async () => {
    const asked: (string | null)[] = []
    const pages = 45
    const many: SessionLister = {
      ...lister,
      async listFleetSessions(fleet, next) {
        asked.push(next)
        const page = Number(next ?? 0)
        return pageOf([`arn::gamesession/${fleet}/${page}`], page + 1 < pages ? String(page + 1) : null)
      },
    }
    const at = Date.now()
    expect(await pass(['fleet-many'], { at, by: many })).toMatchObject({ pages: 20, complete: false })
    expect(await pass(['fleet-many'], { at: at + 1, by: many })).toMatchObject({ pages: 20, complete: false })
    expect((await list()).fleets).toEqual([])
    expect(await pass(['fleet-many'], { at: at + 2, by: many })).toMatchObject({ pages: 5, complete: true })
    expect(asked).toEqual(Array.from({ length: pages }, (_, page) => (page === 0 ? null : String(page))))
    const { fleets, rows } = await list()
    expect(fleets).toMatchObject([{ fleet: 'fleet-many', sessions: pages, listedAt: new Date(at).toISOString() }])
    expect(rows.filter(({ told }) => told?.unlistedAt !== null)).toEqual([])
  })

  it('asks nothing more once it is to end', async () => {
    const end = new AbortController()
    let asked = 0
    const endless: SessionLister = {
      ...lister,
      async listFleetSessions() {
        if (++asked === 3) end.abort()
        return pageOf([], 'more')
      },
    }
    const read = { name: environment, fleets: ['fleet-1', 'fleet-2'] }
    const { complete } = await readFleets(database.db, read, endless, reading, Date.now, end.signal)
    expect({ complete, asked }).toEqual({ complete: false, asked: 3 })
  })

  it('begins a fleet anew when the place of its next page is refused', async () => {
    const asked: (string | null)[] = []
    const forgetful: SessionLister = {
      ...lister,
      async listFleetSessions(_, next) {
        asked.push(next)
        if (next !== null) throw new AppError('REFUSED', 'The token has expired.')
        return pageOf(['arn::gamesession/fleet-1/a'], 'token')
      },
    }
    await pass(['fleet-1'], { by: forgetful })
    await pass(['fleet-1'], { by: forgetful })
    expect(asked).toEqual([null, 'token', null, 'token'])
    expect((await list()).fleets).toMatchObject([{ problem: 'The token has expired.' }])
  })

  it('is done for an engine without naming its fleets, and again and again', async () => {
    const arn = await onFleet.place('engine')
    const event = anEvent('MatchmakingSucceeded', { session: { gameSessionArn: arn } })
    await ingest(database.db, environment, arrivalsOf([event]), START)
    const engine = anEnvironment({ name: environment, endpoint: aws.engine.endpoint })
    expect(await fleetsToRead(database.db, engine)).toEqual([FLEET])
    expect(await fleetsToRead(database.db, { ...engine, kind: 'aws', fleets: [ALIAS] })).toEqual([ALIAS])
    const reader = startReadingFleets({
      ...{ db: database.db, environment: engine, lister: gameLift(connect(engine)), everyMs: 50 },
      leases: createLeases(database.db, randomUUID(), () => {}),
      onProblem: (error) => expect.fail(String(error)),
    })
    try {
      await expect.poll(async () => (await sessionOf(arn))?.told?.status, { timeout: 5_000 }).toBe('ACTIVE')
      const seen = (await sessionOf(arn))?.told?.seenAt
      await expect.poll(async () => (await sessionOf(arn))?.told?.seenAt, { timeout: 5_000 }).not.toBe(seen)
    } finally {
      await reader.stop()
    }
  })
})

function pageOf(arns: string[], next: string | null = null): FleetPage {
  const session = {
    ...{ status: 'ACTIVE', currentPlayers: 1, maximumPlayers: 4, ipAddress: null, dnsName: null, port: null },
    ...{ location: null, creationPolicy: 'ACCEPT_ALL', matchmakerData: null, createdAt: null },
  }
  return { sessions: arns.map((gameSessionArn) => ({ ...session, gameSessionArn })), next }
}
