import { randomUUID } from 'node:crypto'
import { afterEach, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { differentBuilds, liveReplicas, type Replica, startHeartbeat } from './heartbeat.ts'

const database = testDatabase()
const beating: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const replica of beating.splice(0)) await replica.stop()
  await database.db.query('delete from replicas')
})

function start(given: Partial<Replica> = {}, everyMs = 20) {
  const self = { id: randomUUID(), host: 'one', buildId: 'build-a', startedAt: new Date(), ...given }
  const heartbeat = startHeartbeat(database.db, self, (error) => expect.unreachable(String(error)), everyMs)
  beating.push(heartbeat)
  return { self, heartbeat }
}

it('shows the replicas that are there, and none that ended in order', async () => {
  const first = start({ startedAt: new Date('2026-01-01T00:00:00Z') })
  const second = start({ startedAt: new Date('2026-01-02T00:00:00Z') })
  await expect.poll(() => liveReplicas(database.db)).toEqual([first.self, second.self])
  await first.heartbeat.stop()
  expect(await liveReplicas(database.db)).toEqual([second.self])
})

it('misses a replica that died after ten seconds, and one that is heard of again is back', async () => {
  const { self } = start({}, 60_000)
  await expect.poll(() => liveReplicas(database.db)).toHaveLength(1)
  await database.db.query(`update replicas set seen_at = clock_timestamp() - interval '11 seconds'`)
  expect(await liveReplicas(database.db)).toEqual([])
  start(self)
  await expect.poll(() => liveReplicas(database.db)).toHaveLength(1)
})

it('names the builds when they differ', async () => {
  start()
  start()
  await expect.poll(() => liveReplicas(database.db)).toHaveLength(2)
  expect(await differentBuilds(database.db)).toBeNull()
  start({ buildId: 'build-b', host: 'two' })
  await expect.poll(() => differentBuilds(database.db)).toMatch(/^3 web processes run 2 different builds: /)
  expect(await differentBuilds(database.db)).toMatch(/build-b on two/)
})

it('forgets replicas that died long ago', async () => {
  start({}, 60_000)
  await expect.poll(() => liveReplicas(database.db)).toHaveLength(1)
  await database.db.query(`update replicas set seen_at = clock_timestamp() - interval '2 hours'`)
  start()
  await expect.poll(async () => (await database.db.query('select id from replicas')).rowCount).toBe(1)
})
