import { randomUUID } from 'node:crypto'
import { afterEach, expect, it } from 'vitest'
import { createLeases } from '#lib/db/leases.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { fixedEnvironments } from '#lib/environments/registry.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { anEvent, aTicket, CONFIGURATION, START } from '#lib/flexmatch/testing/builders.ts'
import type { MatchmakerHealth } from './attention.ts'
import { getTicket } from './get-ticket.ts'
import { ingest } from './ingest.ts'
import { readTimeouts } from './overdue-timeouts.ts'
import { startSettlingOverdue } from './overdue-worker.ts'
import { arrivalsOf } from './testing/arrivals.ts'
import { ScriptedDescriber } from './testing/scripted-describer.ts'

const database = testDatabase()
const MINUTE = 60_000
const KNOWN: MatchmakerHealth['configurations'] = [{ name: CONFIGURATION, requestTimeoutSeconds: 120 }]

const running: { stop(): Promise<void> }[] = []
afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())))

/** A web process whose GameLift is silent; what it has read of it before is given. */
function replica(name: string, configurations: MatchmakerHealth['configurations']) {
  const describer = new ScriptedDescriber()
  describer.failure = new Error('GameLift cannot be reached.')
  const told = { presumed: 0 }
  const worker = startSettlingOverdue({
    db: database.db,
    leases: createLeases(database.db, randomUUID(), () => {}, { lastsMs: 600, askEveryMs: 50 }),
    environments: fixedEnvironments([anEnvironment({ name })]),
    describerOf: () => describer,
    healthOf: () => ({ outage: null, configurations }),
    onPresumed: (_, { presumed }) => {
      told.presumed += presumed
    },
    everyMs: 30,
  })
  running.push(worker)
  return { told, stop: () => worker.stop() }
}

/** A ticket that began ten minutes ago, and nothing since. */
async function silent(environment: string, ticketId: string) {
  const time = Date.now() - 10 * MINUTE
  const tickets = [aTicket(ticketId, [`${ticketId}-ana`], time)]
  await ingest(
    database.db,
    environment,
    arrivalsOf([anEvent('MatchmakingSearching', { time: time - START, tickets })]),
    time,
  )
}
const statusOf = (environment: string, ticketId: string) => async () =>
  (await getTicket(database.db, environment, ticketId))?.status

it('of two replicas one presumes what is overdue, once, and the other goes on when it ends', async () => {
  const replicas = [replica('two', KNOWN), replica('two', KNOWN)]
  await silent('two', 't1')
  await expect.poll(() => replicas.some(({ told }) => told.presumed > 0), { timeout: 5_000 }).toBe(true)
  const first = replicas.find(({ told }) => told.presumed > 0)
  await first?.stop()
  await silent('two', 't2')
  await expect.poll(() => replicas.map(({ told }) => told.presumed), { timeout: 5_000 }).toEqual([1, 1])
  for (const ticketId of ['t1', 't2']) {
    const ticket = await getTicket(database.db, 'two', ticketId)
    expect(ticket?.status).toBe('TIMED_OUT')
    expect(ticket?.facts.map(({ source }) => source)).toEqual(['event', 'overdue'])
  }
})

it('a replica that has started during the outage knows the request timeouts that another one has read', async () => {
  const earlier = replica('outage', KNOWN)
  await expect.poll(() => readTimeouts(database.db, 'outage')).toEqual(new Map([[CONFIGURATION, 120]]))
  await earlier.stop()
  await silent('outage', 't1')
  const later = replica('outage', null)
  await expect.poll(statusOf('outage', 't1'), { timeout: 5_000 }).toBe('TIMED_OUT')
  await expect.poll(() => later.told.presumed).toBe(1)
})

it('where nobody has ever read them, it waits until somebody has', async () => {
  await silent('never', 't1')
  const first = replica('never', null)
  await new Promise((resolve) => setTimeout(resolve, 300))
  await first.stop()
  expect(await statusOf('never', 't1')()).toBe('SEARCHING')
  replica('never', KNOWN)
  await expect.poll(statusOf('never', 't1'), { timeout: 5_000 }).toBe('TIMED_OUT')
})
