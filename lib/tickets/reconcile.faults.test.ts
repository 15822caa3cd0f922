/** A GameLift that throttles, keeps silent about what it did, or no longer takes the credentials. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { createLeases } from '#lib/db/leases.ts'
import { type Db, openPool } from '#lib/db/pool.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import { type Answering, createAnswering, startProbes } from '#lib/matchmaker/answering.ts'
import { createCallBudget, readCallBudget } from '#lib/matchmaker/call-budget.ts'
import { connect } from '#lib/matchmaker/connect.ts'
import { noteHealth } from '#lib/matchmaker/environment-health.ts'
import { gameLift } from '#lib/matchmaker/gamelift.ts'
import { type FakeAws, startFakeAws } from '#lib/testing/aws/fake-aws.ts'
import { NO_FAULTS } from '#lib/testing/aws/fault-plan.ts'
import { createAlone, startAlone } from '#lib/testing/aws/waiting-tickets.ts'
import { type KillablePostgres, startKillablePostgres } from '#lib/testing/killable-postgres.ts'
import { getTicket } from './get-ticket.ts'
import { listTickets } from './list-tickets.ts'
import { describeNow } from './reconcile.ts'
import { startReconciler } from './reconciler.ts'
import type { TicketFilter } from './views.ts'

const FULL = process.env.MATCHDESK_FAULTS === 'full'
const CANCELLED = FULL ? 1_000 : 40
const SILENT = FULL ? 200 : 10
const PER_SECOND = 20
const AT_ONCE = 5
/** A fifth of a second may go at once after a pause, and what is under way together can be late together. */
const SLACK = PER_SECOND / 5 + AT_ONCE

let postgres: KillablePostgres
let db: Db
let aws: FakeAws
const ending: (() => unknown)[] = []
beforeAll(async () => {
  postgres = await startKillablePostgres('gamelift-faults')
  db = openPool(postgres.url, { name: 'web' })
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
  await db?.end()
  await Promise.all([aws?.stop(), postgres?.stop()])
})

const live = (name: string, callsPerSecond: number) =>
  anEnvironment({ name, kind: 'aws', region: aws.region, endpoint: null, callsPerSecond })

/** One replica's way to GameLift. */
function open(environment: Environment): Answering {
  const clients = connect(environment, { budget: createCallBudget(db, environment) })
  ending.push(clients.close)
  return createAnswering(gameLift(clients), {
    tell: (outage, error) => noteHealth(db, environment.name, outage, error),
  })
}

/** Tickets that wait for others for an hour, and the index knows them. */
const waiting = (environment: Environment, number: number) => startAlone(db, aws, environment, number)
const statuses = (environment: Environment, ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => (await getTicket(db, environment.name, id))?.status))

it(`${CANCELLED} tickets are cancelled while every second call is throttled, once each and within the budget`, async () => {
  const environment = live('throttled', PER_SECOND)
  const ids = await waiting(environment, CANCELLED)
  const { matchmaker } = open(environment)
  // Time goes by faster for what is allowed again, or this would take an hour.
  const quiet = setInterval(() => {
    db.query(`update call_budgets set throttled_at = throttled_at - interval '60 seconds'`).catch(() => {})
  }, 100)
  ending.push(() => clearInterval(quiet))
  aws.plan({ throttlePercent: 50 })
  aws.gamelift.calls.splice(0)
  const left = [...ids]
  const worker = async () => {
    for (let ticketId = left.shift(); ticketId; ticketId = left.shift()) {
      try {
        await matchmaker.stop(ticketId)
      } catch (error) {
        expect(error).toMatchObject({ code: 'MATCHMAKER_UNAVAILABLE' })
        left.push(ticketId)
        await sleep(100)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const { calls } = aws.gamelift
  expect(calls.filter(({ answer }) => answer === 'answered')).toHaveLength(CANCELLED)
  expect(calls.filter(({ answer }) => answer === 'throttled').length).toBeGreaterThan(CANCELLED / 4)
  expect(calls.length).toBeLessThanOrEqual(3 * CANCELLED)
  for (const { at } of calls) {
    const inThatSecond = calls.filter((call) => call.at >= at && call.at < at + 1_000).length
    expect(inThatSecond).toBeLessThanOrEqual(PER_SECOND + SLACK)
  }
  aws.plan(NO_FAULTS)
  await describeNow(db, environment.name, matchmaker, ids)
  expect(new Set(await statuses(environment, ids))).toEqual(new Set(['CANCELLED']))
})

it(`${SILENT} cancellations that had their effect and no answer are not called failed, and the index learns of them`, async () => {
  const environment = live('silent', 100)
  const ids = await waiting(environment, SILENT)
  const { matchmaker } = open(environment)
  aws.plan({ afterEffect: 'time-out' })
  const codes = await Promise.all(
    ids.map((id) =>
      matchmaker.stop(id).then(
        () => 'done',
        (error: unknown) => (error instanceof AppError ? error.code : error),
      ),
    ),
  )
  expect(new Set(codes)).toEqual(new Set(['UNCONFIRMED']))
  aws.plan(NO_FAULTS)
  // So many without an answer hold calls back for a while.
  const look = () => describeNow(db, environment.name, matchmaker, ids).then(() => 'told')
  await expect.poll(() => look().catch((error: AppError) => error.code), { timeout: 15_000 }).toBe('told')
  expect(new Set(await statuses(environment, ids))).toEqual(new Set(['CANCELLED']))
})

it('an environment whose credentials end is red with the reason on all replicas, alone, and not for longer than they are bad', async () => {
  const environment = live('expiring', 20)
  const beside = anEnvironment({ name: 'beside', endpoint: aws.engine.endpoint, region: aws.region })
  const [ticketId = ''] = await waiting(environment, 1)
  const replicas = [1, 2].map(() => {
    const answerings = new Map([environment, beside].map((each) => [each.name, open(each)]))
    const probes = startProbes(db, async () => answerings)
    const leases = createLeases(db, randomUUID(), () => {}, { lastsMs: 2_000, askEveryMs: 200 })
    const reconcilers = [...answerings].map(([name, { matchmaker: describer }]) =>
      startReconciler({ db, leases, environment: name, describer, everyMs: 100 }),
    )
    ending.push(() => Promise.all([probes.stop(), ...reconcilers.map((each) => each.stop())]))
    return (name: string) => answerings.get(name)?.outage()?.message ?? null
  })
  const shown = (name: string) => replicas.map((messageOf) => messageOf(name))
  await sleep(1_500)
  expect(shown('expiring')).toEqual([null, null])

  aws.plan({ credentials: 'expired' })
  const reason = expect.stringContaining('does not take Matchdesk’s credentials')
  await expect.poll(() => shown('expiring'), { timeout: 10_000 }).toEqual([reason, reason])
  expect(shown('beside')).toEqual([null, null])
  const { rows } = await db.query(`select kind from environment_health where outage_since is not null`)
  expect(rows).toEqual([{ kind: 'refused' }])

  aws.plan({ credentials: 'good' })
  await expect.poll(() => shown('expiring'), { timeout: 10_000 }).toEqual([null, null])
  await db.query('update tickets set described = false, describe_due_at = now()')
  await expect.poll(async () => (await getTicket(db, 'expiring', ticketId))?.described, { timeout: 15_000 }).toBe(true)
}, 60_000)

it('a GameLift that takes calls and never answers is red on all replicas and left alone, while the list is there', async () => {
  const environment = live('black-hole', 20)
  const ids = await waiting(environment, 2)
  const answerings = [1, 2].map(() => open(environment))
  for (const answering of answerings) {
    const probes = startProbes(db, async () => new Map([[environment.name, answering]]))
    const leases = createLeases(db, randomUUID(), () => {}, { lastsMs: 2_000, askEveryMs: 200 })
    const { matchmaker: describer } = answering
    const reconciler = startReconciler({ db, leases, environment: environment.name, describer, everyMs: 100 })
    ending.push(() => Promise.all([probes.stop(), reconciler.stop()]))
  }
  const shown = () => answerings.map((answering) => answering.outage()?.message ?? null)
  const held = async () => (await readCallBudget(db, environment.name))?.heldAfter ?? 0

  aws.plan({ blackHole: true })
  aws.gamelift.calls.splice(0)
  const due = () => db.query('update tickets set describe_due_at = now() where environment = $1', [environment.name])
  const silence = expect.stringContaining('no answer came')
  await expect.poll(async () => due().then(shown), { timeout: 20_000, interval: 500 }).toEqual([silence, silence])
  await expect.poll(async () => due().then(held), { timeout: 40_000, interval: 500 }).toBeGreaterThanOrEqual(5)
  const calls = aws.gamelift.calls.length
  const begun = performance.now()
  await expect(answerings[0]?.matchmaker.stop(ids[0] ?? '')).rejects.toMatchObject({
    message: expect.stringContaining('so nothing was sent'),
  })
  const everything: TicketFilter = {
    ...{ tab: 'all', configuration: null, kind: null, playerId: null, ticketId: null, minAgeSeconds: null },
    ...{ presumed: false, order: 'newest', cursor: null },
  }
  const { rows } = await listTickets(db, environment.name, everything)
  expect([rows.length, performance.now() - begun < 1_000]).toEqual([2, true])
  await sleep(11_000)
  // One in five seconds and the time it is waited for.
  expect(aws.gamelift.calls.length - calls).toBeLessThanOrEqual(3)
  expect(shown()).toEqual([silence, silence])

  aws.plan({ blackHole: false })
  await expect.poll(shown, { timeout: 20_000 }).toEqual([null, null])
  expect(await held()).toBe(0)
  await answerings[1]?.matchmaker.stop(ids[0] ?? '')
}, 120_000)
