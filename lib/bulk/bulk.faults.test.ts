/** Runs whose process is killed, whose GameLift throttles, keeps silent, or has to stop in the middle. */
import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { createLeases } from '#lib/db/leases.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { connect } from '#lib/matchmaker/connect.ts'
import { gameLift } from '#lib/matchmaker/gamelift.ts'
import { type FakeAws, startFakeAws } from '#lib/testing/aws/fake-aws.ts'
import { NO_FAULTS } from '#lib/testing/aws/fault-plan.ts'
import { createAlone, startAlone } from '#lib/testing/aws/waiting-tickets.ts'
import { getBulkRun, listBulkItems } from './read-runs.ts'
import { steerRun } from './steer.ts'
import { bulkWriter } from './testing/bulk-writer.ts'
import { startRun } from './testing/start-run.ts'
import type { WorkerProcessInput } from './testing/worker-process.ts'
import { startBulkRuns } from './worker.ts'

const FULL = process.env.MATCHDESK_FAULTS === 'full'
const KILLED = FULL ? 1_000 : 200
const KILLS = FULL ? 25 : 6
const THROTTLED = FULL ? 1_000 : 40
const LONG_MS = FULL ? 1_800_000 : 120_000
const SCRIPT = path.resolve('lib/bulk/testing/worker-process.ts')

const database = testDatabase()
let aws: FakeAws
const ending: (() => unknown)[] = []
beforeAll(async () => {
  aws = await startFakeAws()
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value)
  await createAlone(aws)
})
afterEach(async () => {
  aws.plan(NO_FAULTS)
  for (const end of ending.splice(0).reverse()) await end()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await aws?.stop()
})

const live = (name: string, callsPerSecond: number) =>
  anEnvironment({ name, kind: 'aws', region: aws.region, endpoint: null, callsPerSecond })

/** Tickets that wait for others for an hour, and the index knows them. */
const waiting = (environment: Environment, number: number) => startAlone(database.db, aws, environment, number)

/** What a web process does, in this one. */
function work(environment: Environment, perSecond: number) {
  const worker = startBulkRuns({
    ...{ db: database.db, environment, perSecond },
    leases: createLeases(database.db, randomUUID(), () => {}, { lastsMs: 2_000, askEveryMs: 100 }),
    ...bulkWriter(database.db, environment),
    whyNot: async () => null,
    onProblem: () => {},
  })
  ending.push(() => worker.stop())
  return worker
}

const stopsOf = (ticketId: string) =>
  aws.gamelift.calls.filter((call) => call.operation === 'StopMatchmaking' && call.ticketId === ticketId)
/** Stops that GameLift carried out, by ticket. */
const effectsOf = (ids: readonly string[]) =>
  ids.map((id) => stopsOf(id).filter(({ answer }) => answer === 'answered' || answer === 'carried out, silent').length)
const stateOf = async (environment: Environment, bulkId: string) =>
  (await getBulkRun(database.db, environment.name, bulkId))?.state

it(
  `${KILLED} tickets are cancelled once each though what carries it out is killed ${KILLS} times in the middle of a call`,
  async () => {
    const { db } = database
    const environment = live('killed', 100)
    const ids = await waiting(environment, KILLED)
    aws.gamelift.calls.splice(0)
    let child: ChildProcess | null = null
    let killed = 0
    const begin = async () => {
      const input: WorkerProcessInput = { databaseUrl: database.url, environment, perSecond: 100 }
      child = fork(SCRIPT, [JSON.stringify(input)], {
        env: process.env,
        execArgv: [],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      })
      await once(child, 'message')
    }
    let seen = 0
    const every = Math.floor(KILLED / (KILLS + 1))
    aws.gamelift.watch(async (operation, moment) => {
      if (operation !== 'StopMatchmaking' || killed >= KILLS || child === null) return
      // One time before GameLift has done anything, the other time after it has.
      if (moment !== (killed % 2 === 0 ? 'carried out' : 'received') || ++seen % every !== 0) return
      killed += 1
      const dying = child
      child = null
      const exited = once(dying, 'exit')
      dying.kill('SIGKILL')
      await exited
      void begin()
      throw new Error('The line is cut.')
    })
    ending.push(async () => {
      killed = KILLS
      child?.kill('SIGKILL')
    })
    const { bulkId } = await startRun(db, { environment, selection: { ticketIds: ids } })
    await begin()
    await expect.poll(() => stateOf(environment, bulkId), { timeout: LONG_MS, interval: 200 }).toBe('finished')

    expect(killed).toBe(KILLS)
    expect(effectsOf(ids)).toEqual(ids.map(() => 1))
    expect((await getBulkRun(db, environment.name, bulkId))?.counts).toMatchObject({
      done: KILLED,
      failed: 0,
      unknown: 0,
    })
    // No effect without an intent before it, and as many intents as tries.
    const { rows } = await db.query<{ target: string; tries: number; asked: number }>(
      `select i.ticket_id as target, i.tries,
         (select count(*)::int from audit a where a.target = i.ticket_id and a.step > 0) as asked
       from bulk_items i where i.bulk_id = $1 order by i.position`,
      [bulkId],
    )
    expect(rows.map(({ target }) => target)).toEqual(ids)
    for (const { tries, asked } of rows) expect(asked).toBe(tries)
    // The tickets in hand at each kill were looked at first; only those that GameLift had not heard of were asked again.
    expect(Math.max(...ids.map((id) => stopsOf(id).length))).toBeLessThanOrEqual(2)
  },
  LONG_MS,
)

it(
  `${THROTTLED} tickets are cancelled while every second call is throttled, once each and never faster than allowed`,
  async () => {
    const { db } = database
    const perSecond = 20
    const environment = live('throttled', perSecond)
    const ids = await waiting(environment, THROTTLED)
    const { bulkId } = await startRun(db, { environment, selection: { ticketIds: ids } })
    // Time goes by faster for what is allowed again, or this would take an hour.
    const quiet = setInterval(() => {
      db.query(`update call_budgets set throttled_at = throttled_at - interval '60 seconds'`).catch(() => {})
    }, 100)
    ending.push(() => clearInterval(quiet))
    aws.plan({ throttlePercent: 50 })
    aws.gamelift.calls.splice(0)
    work(environment, perSecond)
    await expect.poll(() => stateOf(environment, bulkId), { timeout: LONG_MS, interval: 200 }).toBe('finished')

    const { calls } = aws.gamelift
    expect(effectsOf(ids)).toEqual(ids.map(() => 1))
    expect(calls.filter(({ answer }) => answer === 'throttled').length).toBeGreaterThan(THROTTLED / 4)
    expect(calls.length).toBeLessThanOrEqual(3 * THROTTLED)
    for (const { at } of calls) {
      const inThatSecond = calls.filter((call) => call.at >= at && call.at < at + 1_000).length
      // What was under way together can be late together.
      expect(inThatSecond).toBeLessThanOrEqual(perSecond + perSecond / 5 + 5)
    }
  },
  LONG_MS,
)

it('cancellations that had their effect and no answer are found to be done by a describe, within 60 s', async () => {
  const { db } = database
  const environment = live('silent', 100)
  const ids = await waiting(environment, 10)
  aws.plan({ afterEffect: 'time-out' })
  aws.gamelift.calls.splice(0)
  const { bulkId } = await startRun(db, { environment, selection: { ticketIds: ids } })
  work(environment, 50)
  const begun = performance.now()
  await expect.poll(() => stateOf(environment, bulkId), { timeout: 60_000, interval: 200 }).toBe('finished')
  expect(performance.now() - begun).toBeLessThan(60_000)
  expect((await getBulkRun(db, environment.name, bulkId))?.counts).toMatchObject({ done: 10, unknown: 0, failed: 0 })
  expect(effectsOf(ids)).toEqual(ids.map(() => 1))
}, 90_000)

it('no call leaves once a run is aborted or paused, and a paused one goes on where it stopped', async () => {
  const { db } = database
  const environment = live('aborted', 100)
  const ids = await waiting(environment, 60)
  aws.gamelift.calls.splice(0)
  const { bulkId } = await startRun(db, { environment, selection: { ticketIds: ids } })
  const steer = (to: 'pause' | 'resume' | 'abort') =>
    steerRun(db, { environment: environment.name, bulkId, actions: ['cancel'], to })
  work(environment, 10)
  const asked = () => aws.gamelift.calls.filter(({ operation }) => operation === 'StopMatchmaking').length
  await expect.poll(asked, { timeout: 10_000, interval: 20 }).toBeGreaterThan(5)
  await steer('pause')
  // What had left already may still arrive.
  await sleep(200)
  const paused = asked()
  await sleep(2_000)
  expect(asked()).toBe(paused)

  await steer('resume')
  await expect.poll(asked, { timeout: 10_000, interval: 20 }).toBeGreaterThan(paused + 5)
  const begun = performance.now()
  await steer('abort')
  expect(performance.now() - begun).toBeLessThan(2_000)
  await sleep(200)
  const aborted = asked()
  await sleep(2_000)
  expect(asked()).toBe(aborted)
  const run = await getBulkRun(db, environment.name, bulkId)
  expect(run?.state).toBe('aborted')
  expect(run?.counts).toMatchObject({ done: aborted, waiting: 60 - aborted, asking: 0, unknown: 0 })
  await expect(steer('resume')).rejects.toMatchObject({ code: 'REFUSED' })

  // What it left is one run more, linked to it.
  const rest = await startRun(db, { environment, selection: { run: bulkId, which: 'left' } })
  expect(rest.count).toBe(60 - aborted)
  await expect.poll(() => stateOf(environment, rest.bulkId), { timeout: 30_000, interval: 100 }).toBe('finished')
  expect(await getBulkRun(db, environment.name, bulkId)).toMatchObject({ retriedBy: rest.bulkId })
  expect(await getBulkRun(db, environment.name, rest.bulkId)).toMatchObject({ retryOf: bulkId })
  expect(effectsOf(ids)).toEqual(ids.map(() => 1))
}, 60_000)

it('each ticket has a result of its own, in the order they were chosen', async () => {
  const { db } = database
  const environment = live('fates', 100)
  const ids = await waiting(environment, 3)
  const [first = '', second = '', third = ''] = ids
  const clients = connect({ ...environment, kind: 'local', endpoint: aws.engine.endpoint })
  ending.push(clients.close)
  await gameLift(clients).stop(second)
  const { bulkId } = await startRun(db, { environment, selection: { ticketIds: ids } })
  work(environment, 50)
  await expect.poll(() => stateOf(environment, bulkId), { timeout: 30_000, interval: 100 }).toBe('finished')
  const page = await listBulkItems(db, environment.name, bulkId, { results: null, after: null })
  expect(page?.rows.map(({ ticketId, result }) => [ticketId, result])).toEqual([
    [first, 'done'],
    [second, 'already-finished'],
    [third, 'done'],
  ])
}, 60_000)
