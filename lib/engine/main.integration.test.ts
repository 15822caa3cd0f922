import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { sdkClient } from './conformance/sdk-client.ts'
import { startDatabaseProxy } from './testing/database-proxy.ts'
import { startEventReceiver } from './testing/event-receiver.ts'
import { startTestEngine, type TestEngine } from './testing/start-test-engine.ts'

const database = testDatabase()
const started: TestEngine[] = []
afterEach(async () => {
  for (const engine of started.splice(0)) await engine.kill()
  await database.db.query('truncate engine.journal, engine.snapshots, engine.events, engine.targets')
})
async function start(given: Partial<Parameters<typeof startTestEngine>[0]> = {}): Promise<TestEngine> {
  const engine = await startTestEngine({ databaseUrl: database.url, ...given })
  started.push(engine)
  return engine
}
const RULE_SET = JSON.stringify({
  name: 'duel',
  ruleLanguageVersion: '1.0',
  teams: [{ name: 'players', minPlayers: 2, maxPlayers: 2 }],
})
async function makeDuel(endpoint: string) {
  const client = sdkClient(endpoint)
  await client.call('CreateMatchmakingRuleSet', { Name: 'duel', RuleSetBody: RULE_SET })
  await client.call('CreateMatchmakingConfiguration', {
    Name: 'duel',
    RuleSetName: 'duel',
    RequestTimeoutSeconds: 600,
    AcceptanceRequired: false,
    FlexMatchMode: 'STANDALONE',
  })
  return client
}
const startTicket = (client: ReturnType<typeof sdkClient>, TicketId: string) =>
  client.call('StartMatchmaking', { TicketId, ConfigurationName: 'duel', Players: [{ PlayerId: `p-${TicketId}` }] })
const lab = (endpoint: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${endpoint}/lab/options`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })

describe('the engine process', () => {
  it('is healthy once it is ready, and ends within a moment of SIGTERM, leaving nothing to replay', async () => {
    const engine = await start()
    const health = await fetch(`${engine.endpoint}/health`)
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok', position: expect.any(Number) }])
    await makeDuel(engine.endpoint)
    const before = performance.now()
    expect(await engine.stop()).toBe(0)
    expect(performance.now() - before).toBeLessThan(2_500)
    const { rows } = await database.db.query(
      'select (select max(position + entries - 1) from engine.journal) = (select max(position) from engine.snapshots) as complete',
    )
    expect(rows[0].complete).toBe(true)
  })

  it('gives every journal a seed of its own, and keeps it over a restart', async () => {
    const seedOf = async (engine: TestEngine) =>
      ((await (await fetch(`${engine.endpoint}/lab/options`)).json()) as { seed: string }).seed
    const first = await start()
    const seed = await seedOf(first)
    expect(seed).toMatch(/^[0-9a-f-]{36}$/)
    await first.kill()
    expect(await seedOf(await start())).toBe(seed)
  })

  it('comes back after SIGKILL with every acknowledged ticket, and delivers each of its events', async () => {
    const receiver = await startEventReceiver()
    const targets = [{ name: 'test', url: receiver.url, secret: null, type: 'eventbridge' as const }]
    const first = await start({ targets })
    const client = await makeDuel(first.endpoint)
    const ids = Array.from({ length: 40 }, (_, index) => `t-${index}`)
    await Promise.all(ids.map((id) => startTicket(client, id)))
    await first.kill()
    const second = await start({ targets })
    await vi.waitFor(() => {
      const ended = receiver.envelopes().filter((envelope) => envelope.detail.type === 'MatchmakingSucceeded')
      const tickets = ended.flatMap(({ detail }) => ('tickets' in detail ? detail.tickets : []))
      expect(new Set(tickets.map((ticket) => ticket.ticketId))).toEqual(new Set(ids))
    }, 5_000)
    const { TicketList } = await sdkClient(second.endpoint).call('DescribeMatchmaking', { TicketIds: ids.slice(0, 10) })
    expect((TicketList as { Status: string }[]).map((ticket) => ticket.Status)).toEqual(Array(10).fill('COMPLETED'))
    await receiver.close()
  })

  it('does not start beside another on the same database, and says which process that is', async () => {
    const first = await start()
    await expect(start()).rejects.toThrow(`Another engine holds this database: process ${first.pid} on `)
  })

  it('says which setting to change when its port is taken', async () => {
    const first = await start()
    const port = Number(new URL(first.endpoint).port)
    const other = await database.db.query('select current_database() as name')
    const copy = `${other.rows[0].name}_copy`
    await database.db.query(`create database ${copy} template matchdesk_template`)
    const url = new URL(database.url)
    url.pathname = `/${copy}`
    await expect(startTestEngine({ databaseUrl: url.href, port })).rejects.toThrow(
      `ENGINE_PORT (--port) is ${port}, and another program listens there on 127.0.0.1.`,
    )
  })

  it('says what is failing while its database is away, refuses writes, and is well again by itself', async () => {
    const proxy = await startDatabaseProxy(database.url)
    const engine = await start({ databaseUrl: proxy.url })
    const health = async () => {
      const response = await fetch(`${engine.endpoint}/health`)
      return [response.status, await response.json()]
    }
    const client = await makeDuel(engine.endpoint)
    proxy.shut()
    await vi.waitFor(async () =>
      expect(await health()).toEqual([503, { status: 'unavailable', failing: expect.stringMatching(/^database: /) }]),
    )
    await expect(startTicket(client, 't-1')).rejects.toMatchObject({ name: 'InternalServiceException' })
    proxy.open()
    await vi.waitFor(async () => expect((await health())[0]).toBe(200), 5_000)
    await startTicket(client, 't-1')
    await engine.stop()
    proxy.close()
  })

  it('ends when the program that started it is gone', async () => {
    const engine = fork(path.resolve('lib/engine/main.ts'), {
      silent: true,
      execArgv: [],
      env: { PATH: process.env.PATH, DATABASE_URL: database.url, ENGINE_PORT: '39187' } as unknown as NodeJS.ProcessEnv,
    })
    await vi.waitFor(async () => expect((await fetch('http://127.0.0.1:39187/health')).status).toBe(200), {
      timeout: 10_000,
      interval: 50,
    })
    const exited = once(engine, 'exit')
    engine.disconnect()
    expect((await exited)[0]).toBe(0)
  })
})

describe('the lab', () => {
  it('changes options while the engine runs, and a restart keeps them', async () => {
    const engine = await start()
    const answer = await lab(engine.endpoint, '{"placement":{"outcome":"fail"}}')
    expect([answer.status, ((await answer.json()) as { placement: unknown }).placement]).toEqual([
      200,
      { delayMs: 20, outcome: 'fail', maxActiveSessions: null, searchingEventAfterTimeout: true },
    ])
    await engine.kill()
    const again = await start()
    expect(await (await fetch(`${again.endpoint}/lab/options`)).json()).toMatchObject({
      placement: { outcome: 'fail' },
    })
  })

  it('refuses an option that does not exist, a wrong value and a web page, and journals none of it', async () => {
    const engine = await start()
    const count = async () =>
      (await database.db.query('select coalesce(sum(entries), 0)::int as n from engine.journal')).rows[0].n
    const before = await count()
    const wrong = await lab(engine.endpoint, '{"placement":{"outcome":"win"}}')
    expect([wrong.status, await wrong.json()]).toEqual([
      400,
      {
        __type: 'InvalidRequestException',
        Message: 'Option placement.outcome must be one of fulfil, fail, time-out.',
      },
    ])
    expect((await lab(engine.endpoint, '{"clock":1}')).status).toBe(400)
    expect((await lab(engine.endpoint, '[]')).status).toBe(400)
    expect((await lab(engine.endpoint, '{"tickMs":5}', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await lab(engine.endpoint, '{"tickMs":5}', { origin: 'http://evil.example' })).status).toBe(403)
    expect(await count()).toBe(before)
  })
})
