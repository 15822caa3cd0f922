import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { createLeases } from './leases.ts'
import { openPool } from './pool.ts'
import { testDatabase } from './testing/database.ts'

const database = testDatabase()
const TIMES = { lastsMs: 600, askEveryMs: 100 }

const running: { stop(): Promise<void> }[] = []
afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())))

/** A replica that counts how many are at work. */
function replica(name: string, at: { work: number; most: number }, db = database.db) {
  const problems: unknown[] = []
  const leases = createLeases(db, randomUUID(), (_, error) => problems.push(error), TIMES)
  let begun = 0
  const kept = leases.keep(name, async (signal) => {
    begun++
    at.most = Math.max(at.most, ++at.work)
    await sleep(60_000, undefined, { signal, ref: false }).catch(() => {})
    at.work--
  })
  running.push(kept)
  return { leases, problems, stop: () => kept.stop(), begun: () => begun, holds: () => leases.holds(name) }
}

it('one of many replicas works, and another goes on when it stops', async () => {
  const at = { work: 0, most: 0 }
  const replicas = [1, 2, 3].map(() => replica('stopped', at))
  await expect.poll(() => at.work).toBe(1)
  await sleep(2 * TIMES.lastsMs) // renewed meanwhile
  const first = replicas.filter(({ holds }) => holds())
  expect([at, first.length]).toEqual([{ work: 1, most: 1 }, 1])
  await first[0]?.stop()
  await expect.poll(() => at.work, { timeout: TIMES.lastsMs }).toBe(1)
  expect(replicas.map(({ begun }) => begun()).toSorted()).toEqual([0, 1, 1])
  expect(at.most).toBe(1)
})

it('a replica that loses the database lets go before another can have begun', async () => {
  const at = { work: 0, most: 0 }
  const cut = openPool(database.url, { name: 'cut', max: 2 })
  const lonely = replica('cut', at, cut)
  await expect.poll(() => at.work).toBe(1)
  // Its connections stay, but nothing comes back: as if the network had swallowed it.
  const query = cut.query.bind(cut)
  cut.query = (() => new Promise(() => {})) as typeof cut.query
  const other = replica('cut', at)
  await expect.poll(() => other.begun(), { timeout: 5 * TIMES.lastsMs }).toBe(1)
  expect([at, lonely.holds()]).toEqual([{ work: 1, most: 1 }, false])
  cut.query = query
  await lonely.stop()
  expect(lonely.problems).not.toEqual([])
  await cut.end()
})

it('what a frozen process held is taken over, and it lets go as soon as it wakes', async () => {
  const args = ['lib/db/testing/lease-holder.ts', database.url, 'frozen', `${TIMES.lastsMs}`, `${TIMES.askEveryMs}`]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  running.push({ stop: async () => void child.kill('SIGKILL') })
  await expect.poll(() => said, { timeout: 10_000 }).toBe('begun\n')
  const at = { work: 0, most: 0 }
  const other = replica('frozen', at)
  await sleep(2 * TIMES.lastsMs)
  expect(other.begun()).toBe(0)

  child.kill('SIGSTOP')
  await expect.poll(() => at.work, { timeout: 5 * TIMES.lastsMs }).toBe(1)
  child.kill('SIGCONT')
  await expect.poll(() => said, { timeout: 2 * TIMES.lastsMs }).toBe('begun\nlost\n')
  await sleep(2 * TIMES.lastsMs)
  expect([said, at.work, other.begun()]).toEqual(['begun\nlost\n', 1, 1])
  expect((await database.db.query("select epoch from leases where name = 'frozen'")).rows).toEqual([{ epoch: 2 }])
})

it('work that fails is told of, and tried again here or elsewhere', async () => {
  const problems: unknown[] = []
  let tries = 0
  const kept = createLeases(database.db, randomUUID(), (_, error) => problems.push(error), TIMES).keep(
    'failing',
    async (signal) => {
      if (++tries === 1) throw new Error('once')
      await sleep(60_000, undefined, { signal, ref: false }).catch(() => {})
    },
  )
  running.push(kept)
  await expect.poll(() => tries, { timeout: 5_000 }).toBe(2)
  expect(problems).toMatchObject([{ message: 'once' }])
})

it('a lease is kept once in a process', () => {
  const { leases } = replica('twice', { work: 0, most: 0 })
  expect(() => leases.keep('twice', async () => {})).toThrow(/already/)
})
