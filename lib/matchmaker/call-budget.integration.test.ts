import { expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { createCallBudget, readCallBudget } from './call-budget.ts'
import { wasAsked } from './not-asked.ts'

const database = testDatabase()
const budgetOf = (name: string, callsPerSecond: number) => createCallBudget(database.db, { name, callsPerSecond })
const allowed = async (name: string) => (await readCallBudget(database.db, name))?.allowedPerSecond
/** As if so many seconds had gone by without a call. */
const pass = (name: string, seconds: number) =>
  database.db.query(
    `update call_budgets set (at, throttled_at, minute) = (select at - by, throttled_at - by, minute - by
       from make_interval(secs => $2) as by) where environment = $1`,
    [name, seconds],
  )

it('all replicas together call as often as the environment allows, and no second sees many more', async () => {
  const replicas = [1, 2, 3].map(() => budgetOf('shared', 50))
  const sentAt: number[] = []
  await Promise.all(
    Array.from({ length: 90 }, async (_, index) => {
      await replicas[index % 3]?.wait(10_000)
      sentAt.push(performance.now())
    }),
  )
  sentAt.sort((a, b) => a - b)
  // A burst of a fifth of a second; the rest is how late timers can be.
  for (const start of sentAt)
    expect(sentAt.filter((at) => at >= start && at < start + 500).length).toBeLessThan(25 + 20)
  expect((sentAt.at(-1) ?? 0) - (sentAt[0] ?? 0)).toBeGreaterThan(1_500)
  expect((await readCallBudget(database.db, 'shared'))?.usedLastMinute).toBeGreaterThanOrEqual(89)
})

it('whoever would have to wait too long is told so at once, and takes nothing', async () => {
  const budget = budgetOf('slow', 1)
  expect(await budget.take(0)).toBe(0)
  expect(await budget.take(500)).toBeNull()
  const waitMs = await budget.take(1_000)
  expect(waitMs).toBeGreaterThan(900)
  expect(waitMs).toBeLessThanOrEqual(1_000)
  const refused = await budget.wait(1_000).catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'MATCHMAKER_UNAVAILABLE' })
  expect(wasAsked(refused)).toBe(false)
  expect((await readCallBudget(database.db, 'slow'))?.usedLastMinute).toBe(2)
})

it('a refusal halves what is allowed, and each quiet ten seconds give a tenth of it back', async () => {
  const budget = budgetOf('pressed', 8)
  await budget.take(0)
  // Refused together: that is once.
  await Promise.all([budget.throttled(), budget.throttled(), budget.throttled()])
  expect(await allowed('pressed')).toBe(4)
  await pass('pressed', 10)
  expect(await allowed('pressed')).toBeCloseTo(4.4)
  await budget.throttled()
  expect(await allowed('pressed')).toBeCloseTo(2.2)
  for (let times = 0; times < 8; times++) {
    await pass('pressed', 2)
    await budget.throttled()
  }
  expect(await allowed('pressed')).toBe(0.2)
  await pass('pressed', 400)
  expect(await allowed('pressed')).toBe(8)
  await pass('pressed', 86_400 * 400)
  expect(await allowed('pressed')).toBe(8)
})

it('calls go as slowly as is allowed after a refusal', async () => {
  const budget = budgetOf('halved', 10)
  for (let times = 0; times < 3; times++) await budget.take(10_000)
  await budget.throttled()
  await pass('halved', 1)
  const waits = [await budget.take(10_000), await budget.take(10_000), await budget.take(10_000)]
  expect(waits[0]).toBe(0)
  expect((waits[2] ?? 0) - (waits[1] ?? 0)).toBeCloseTo(200, -1)
})

it('what an administrator changes holds for the next call', async () => {
  await budgetOf('edited', 5).take(0)
  await budgetOf('edited', 0.5).take(10_000)
  expect(await readCallBudget(database.db, 'edited')).toMatchObject({ perSecond: 0.5, allowedPerSecond: 0.5 })
})

it('what was used a minute ago counts less and less, and then not at all', async () => {
  const budget = budgetOf('counted', 100)
  for (let times = 0; times < 20; times++) await budget.take(10_000)
  const used = async () => (await readCallBudget(database.db, 'counted'))?.usedLastMinute ?? -1
  expect(await used()).toBe(20)
  await pass('counted', 60)
  const rest = await used()
  expect(rest).toBeLessThanOrEqual(20)
  await budget.take(0)
  await expect.poll(used).toBeGreaterThanOrEqual(1)
  await pass('counted', 180)
  expect(await used()).toBe(0)
  expect(await readCallBudget(database.db, 'nobody')).toBeNull()
})

it('without its database nothing is sent, and that is not said of GameLift', async () => {
  const { db } = database
  const broken = { ...db, query: () => Promise.reject(new Error('away')) } as unknown as typeof db
  const refused = await createCallBudget(broken, { name: 'x', callsPerSecond: 1 })
    .wait(0)
    .catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'DATABASE_UNAVAILABLE', cause: expect.objectContaining({ message: 'away' }) })
  expect(wasAsked(refused)).toBe(false)
})
