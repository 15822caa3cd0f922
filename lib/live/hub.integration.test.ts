import { afterEach, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { tellListeners } from '#lib/tickets/notify.ts'
import type { LiveChange } from './change.ts'
import { createLiveHub, type LiveHub } from './hub.ts'

const database = testDatabase()
let hub: LiveHub
afterEach(() => hub.stop())

async function listening() {
  const problems: Error[] = []
  hub = createLiveHub(database.url, (error) => problems.push(error))
  await hub.start()
  const heard: LiveChange[] = []
  const unsubscribe = hub.subscribe('local', (change) => heard.push(change))
  return { heard, problems, unsubscribe }
}

it('what one process commits, the browsers of another hear', async () => {
  const { heard } = await listening()
  await tellListeners(database.db, 'local', { ticketIds: ['t-1'], matchIds: ['m-1'] })
  await tellListeners(database.db, 'elsewhere', { ticketIds: ['t-2'] })
  await expect
    .poll(() => heard)
    .toEqual([
      { environment: 'local', tickets: ['t-1'], matches: ['m-1'], sessions: [], demo: false, environments: false },
    ])
})

it('a broken connection is mended, and everybody is told to look again', async () => {
  const { heard, problems } = await listening()
  const states: boolean[] = []
  hub.watchListening(() => states.push(hub.isListening()))
  await database.db.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'matchdesk live' and datname = current_database()",
  )
  await expect.poll(() => problems.length).toBeGreaterThan(0)
  await expect.poll(() => hub.isListening()).toBe(true)
  expect(states).toEqual([false, true])
  await expect
    .poll(() => heard)
    .toEqual([
      { environment: 'local', tickets: 'many', matches: 'many', sessions: 'many', demo: true, environments: true },
    ])
  await tellListeners(database.db, 'local', { ticketIds: ['t-3'] })
  await expect.poll(() => heard.at(-1)?.tickets).toEqual(['t-3'])
})

it('a database that is not there yet is tried again instead of failing the start', async () => {
  const problems: Error[] = []
  hub = createLiveHub('postgres://127.0.0.1:1/nobody', (error) => problems.push(error))
  await hub.start()
  expect(hub.isListening()).toBe(false)
  await expect.poll(() => problems.length, { timeout: 5_000 }).toBeGreaterThan(1)
})

it('nothing is sent to whoever has left', async () => {
  const { heard, unsubscribe } = await listening()
  unsubscribe()
  expect(hub.subscriberCount()).toBe(0)
  await tellListeners(database.db, 'local', { ticketIds: ['t-4'] })
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(heard).toEqual([])
})
