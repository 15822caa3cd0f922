/** The runtime as the web process builds it, and the two routes that need nobody to be signed in. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { moveSwitch } from '#lib/access/switches.ts'
import { receiveByWebhook } from '#lib/channels/webhook.ts'
import { openPool } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { inputOf } from '#lib/environments/environment-input.ts'
import { saveEnvironment } from '#lib/environments/stored.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { anEvent, aTicket, envelopeOf } from '#lib/flexmatch/testing/builders.ts'
import { getTicket } from '#lib/tickets/get-ticket.ts'
import { healthOf } from './health.ts'
import { getRuntime } from './runtime.ts'

const database = testDatabase()
const SECRET = 'a-secret-of-the-tests'

const folder = mkdtempSync(path.join(tmpdir(), 'environments-'))
const FILE = path.join(folder, 'environments.yaml')

const before = { ...process.env }
beforeAll(() => {
  writeFileSync(FILE, 'environments: { staging: { region: eu-west-1, protection: guarded } }')
  process.env.MATCHDESK_ENVIRONMENTS = FILE
  process.env.DATABASE_URL = database.url
  process.env.MATCHDESK_INGEST_SECRET = SECRET
  process.env.MATCHDESK_LOCAL_ENDPOINTS = '127.0.0.1:1,127.0.0.1:2'
})
afterAll(async () => {
  const { live, db } = await getRuntime()
  await live.stop()
  await db.end()
  process.env = before
  rmSync(folder, { recursive: true })
})

function deliver(
  body: unknown,
  { environment = 'local', secret = SECRET }: { environment?: string; secret?: string } = {},
) {
  const headers = { 'content-type': 'application/json', 'x-matchdesk-secret': secret }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return receiveByWebhook(new Request('http://localhost/', { method: 'POST', headers, body: text }), environment)
}
const searching = (ticketId: string) =>
  envelopeOf(anEvent('MatchmakingSearching', { id: randomUUID(), tickets: [aTicket(ticketId, ['ana'])] }))

it('there is one runtime, however many ask for it at once', async () => {
  const [one, other] = await Promise.all([getRuntime(), getRuntime()])
  expect(one).toBe(other)
  const environment = await one.environments.find('local')
  if (!environment) throw new Error('no local environment')
  expect(one.matchmakerOf(environment)).toBe(one.matchmakerOf(environment))
})

it('the environments of the file and those that were saved are looked after beside the local one', async () => {
  const { environments, db, matchmakerOf } = await getRuntime()
  const ada = inputOf(anEnvironment({ name: 'ada', endpoint: 'http://127.0.0.1:1' }))
  const save = async (given: typeof ada, revision?: null) => ({
    ...(await saveEnvironment(db, given, { name: 'Ana' }, revision)),
    onProductionList: false,
  })
  const saved = await save(ada, null)
  await expect
    .poll(async () => (await environments.list()).map(({ name }) => name))
    .toEqual(['local', 'ada', 'staging'])
  // An edit opens a new way to GameLift; who has not heard of it yet does not take that back.
  const old = matchmakerOf(saved)
  const edited = matchmakerOf(await save({ ...ada, endpoint: 'http://127.0.0.1:2' }))
  expect(edited).not.toBe(old)
  expect(matchmakerOf(saved)).toBe(edited)
})

it('a switch that another process turns is heard of at once, not only when what was read is old', async () => {
  const { access } = await getRuntime()
  const turn = (on: boolean) =>
    moveSwitch(database.db, 'ticket.cancel', on, { by: 'Ana', reason: null, now: new Date() })
  const names = async () => (await access.switches.on()).map(({ name }) => name)
  for (const on of [true, false]) {
    expect(await names()).toEqual(on ? [] : ['ticket.cancel']) // kept from here on for 2 s, but for the hint
    await turn(on)
    await expect.poll(names, { timeout: 1_000, interval: 20 }).toEqual(on ? ['ticket.cancel'] : [])
  }
})

it('is healthy with its database and its feed', async () => {
  const response = await healthOf()
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ status: 'ok', parts: { database: 'ok', live: 'ok' } })
})

it('an event is in the index when its sender is told so', async () => {
  const ticketId = `t-${randomUUID()}`
  const response = await deliver(searching(ticketId))
  expect([response.status, await response.json()]).toEqual([200, { received: 1, added: 1 }])
  expect(await getTicket((await getRuntime()).db, 'local', ticketId)).toMatchObject({ status: 'SEARCHING' })
})

it.each([
  ['a wrong secret', { secret: 'a-secret-of-the-tests!' }, 401],
  ['no secret', { secret: '' }, 401],
  ['the secret of the local environment, for another one', { environment: 'staging' }, 401],
  ['that secret, for an environment that does not exist', { environment: 'mars' }, 401],
])('a delivery with %s is refused and leaves nothing', async (_, how, status) => {
  const ticketId = `t-${randomUUID()}`
  expect((await deliver(searching(ticketId), how)).status).toBe(status)
  expect(await getTicket((await getRuntime()).db, 'local', ticketId)).toBeNull()
})

it('a delivery that is no event is refused, one that is too large or too deep is not cut', async () => {
  expect((await deliver('{')).status).toBe(400)
  expect((await deliver({ hello: 'world' })).status).toBe(400)
  expect((await deliver(`"${'x'.repeat(1024 * 1024)}"`)).status).toBe(413)
  expect((await deliver('['.repeat(40) + ']'.repeat(40))).status).toBe(400)
})

it('is not healthy, and asks senders to come again, when the database is gone', async () => {
  const name = new URL(database.url).pathname.slice(1)
  const admin = openPool(inject('databaseUrl'), { name: 'tests', max: 1 })
  await admin.query(`alter database ${name} with allow_connections false`)
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
  await admin.end()
  await expect.poll(async () => (await healthOf()).status).toBe(503)
  expect(await (await healthOf()).json()).toMatchObject({ status: 'unavailable', failing: 'database' })
  expect((await deliver(searching('t-later'))).status).toBe(503)
})
