/** The engine alone: in memory, with files to start from, and with a clock that tests move. */
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { sdkClient } from './conformance/sdk-client.ts'
import { startEventReceiver } from './testing/event-receiver.ts'
import { startTestEngine, type TestEngine } from './testing/start-test-engine.ts'

const EXAMPLE = 'docs/examples/fixtures.yaml'
const START_MS = Date.UTC(2026, 0, 1)
const database = testDatabase()
const started: TestEngine[] = []
afterEach(async () => {
  for (const engine of started.splice(0)) await engine.kill()
})

async function start(given: Partial<Parameters<typeof startTestEngine>[0]> = {}): Promise<TestEngine> {
  const engine = await startTestEngine({ databaseUrl: null, options: null, args: ['--config', EXAMPLE], ...given })
  started.push(engine)
  return engine
}

/** The example's fixtures in a file of their own, changed. */
function changed(from: string, to: string): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'matchdesk-alone-')), 'fixtures.yaml')
  copyFileSync(EXAMPLE, file)
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(from)
  writeFileSync(file, text.replace(from, to))
  return file
}

async function clock(engine: TestEngine, call: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${engine.endpoint}/lab/clock${call}`, {
    ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return { status: response.status, ...((await response.json()) as object) }
}

function client(engine: TestEngine) {
  const { call } = sdkClient(engine.endpoint)
  return {
    call,
    start: (id: string) =>
      call('StartMatchmaking', { TicketId: id, ConfigurationName: 'duel', Players: [{ PlayerId: `p-${id}` }] }),
    async statuses(...TicketIds: string[]) {
      const { TicketList } = await call('DescribeMatchmaking', { TicketIds })
      return (TicketList as { Status: string }[]).map(({ Status }) => Status)
    },
  }
}

describe('an engine in memory, on a clock of its own', () => {
  it('crosses an acceptance time-out in one step, with every event at its own time', async () => {
    const receiver = await startEventReceiver()
    const engine = await start({ targets: [{ name: 'test', url: receiver.url, secret: null, type: 'eventbridge' }] })
    const { start: startTicket, statuses } = client(engine)
    expect(await clock(engine, '')).toEqual({ status: 200, mode: 'paused', nowMs: START_MS, nextDueMs: null })
    await startTicket('a')
    await startTicket('b')
    expect(await statuses('a', 'b')).toEqual(['QUEUED', 'QUEUED'])
    const stepped = await clock(engine, '/step', { ms: 61_000 })
    expect(stepped).toMatchObject({ status: 200, mode: 'paused', nowMs: START_MS + 61_000, cut: null })
    expect(await statuses('a', 'b')).toEqual(['CANCELLED', 'CANCELLED'])
    const types = () => receiver.envelopes().map(({ time, detail }) => [time, detail.type])
    await vi.waitFor(() => expect(types().at(-1)?.[1]).toBe('MatchmakingCancelled'))
    const times = new Map(types().map(([time, type]) => [type, time]))
    expect(times.get('PotentialMatchCreated')).toMatch(/^2026-01-01T00:00:0/)
    const proposedMs = Date.parse(String(times.get('PotentialMatchCreated')))
    expect(Date.parse(String(times.get('AcceptMatchCompleted')))).toBe(proposedMs + 60_000)
    expect(stepped.events).toBe(receiver.envelopes().length)
    await receiver.close()
  })

  it('does nothing by itself while the clock is paused, even what is due now', async () => {
    const engine = await start({ args: ['--config', EXAMPLE, '--options', '{"placement":{"delayMs":0}}'] })
    const { call, start: startTicket, statuses } = client(engine)
    for (const id of ['a', 'b']) await startTicket(id)
    await clock(engine, '/step', {})
    for (const id of ['a', 'b']) {
      await call('AcceptMatch', { TicketId: id, PlayerIds: [`p-${id}`], AcceptanceType: 'ACCEPT' })
    }
    const { nowMs } = await clock(engine, '')
    for (let asked = 0; asked < 30; asked++) expect(await statuses('a', 'b')).toEqual(['PLACING', 'PLACING'])
    expect(await clock(engine, '')).toMatchObject({ nowMs, nextDueMs: nowMs })
    expect(await clock(engine, '/step', {})).toMatchObject({ nowMs, ticks: 1 })
    expect(await statuses('a', 'b')).toEqual(['COMPLETED', 'COMPLETED'])
  })

  it('gives the same ids and events to the same calls when seed and start are given', async () => {
    const events = async () => {
      const receiver = await startEventReceiver()
      const engine = await start({
        args: ['--config', EXAMPLE, '--options', '{"seed":"fixed"}'],
        targets: [{ name: 'test', url: receiver.url, secret: null, type: 'eventbridge' }],
      })
      const { start: startTicket } = client(engine)
      await startTicket('a')
      await startTicket('b')
      const { events: sent } = await clock(engine, '/step', { ms: 2_000 })
      await vi.waitFor(() => expect(receiver.envelopes().length).toBe(sent))
      await receiver.close()
      return receiver.envelopes()
    }
    const first = await events()
    expect(first.length).toBeGreaterThan(2)
    expect(await events()).toEqual(first)
  })

  it('forgets everything with its end', async () => {
    const first = await start()
    await client(first).start('a')
    expect(await first.stop()).toBe(0)
    expect(await client(await start()).statuses('a')).toEqual([])
  })

  it('refuses wrong calls in words that name what is wrong', async () => {
    const engine = await start()
    const wrong = async (call: string, body: object) => (await clock(engine, call, body)).Message
    expect(await wrong('/step', { ms: -1 })).toBe('ms must be a whole number of at least 0.')
    expect(await wrong('/step', { seconds: 1 })).toBe('The body has no "seconds"; it takes ms.')
    expect(await wrong('/run-to', {})).toBe('Give either timeMs or time.')
    expect(await wrong('/run-to', { time: '2026-01-01' })).toMatch(/^time must be an ISO time with its zone/)
    expect(await wrong('/run-to', { time: '2025-12-31T23:59:59Z' })).toBe(
      'The clock is at 2026-01-01T00:00:00.000Z and never goes back.',
    )
  })
})

describe('fixtures on a database', () => {
  const journal = async () =>
    (await database.db.query('select position, time_ms from engine.journal order by position')).rows as {
      position: number
      time_ms: number
    }[]

  it('are loaded once, changed where they change, and refused whole', async () => {
    const kept = { databaseUrl: database.url }
    await (await start(kept)).stop()
    const loaded = (await journal()).length
    await (await start(kept)).stop()
    expect((await journal()).length).toBe(loaded)

    const later = await start({
      ...kept,
      args: ['--config', changed('RequestTimeoutSeconds: 300', 'RequestTimeoutSeconds: 90')],
    })
    const { Configurations } = await client(later).call('DescribeMatchmakingConfigurations', {})
    expect(Configurations).toMatchObject([{ Name: 'duel', RequestTimeoutSeconds: 90 }])
    await later.stop()

    const entries = (await journal()).length
    const harder = changed('maxDistance: 100', 'maxDistance: 50')
    await expect(start({ ...kept, args: ['--config', harder] })).rejects.toThrow(
      `${harder}: ruleSets[0]: duel exists as another rule set, and a rule set does not change here once it is created.`,
    )
    expect((await journal()).length).toBe(entries)
  })

  it('lead to a journal whose times never decrease, over steps, pauses and restarts', async () => {
    const kept = { databaseUrl: database.url, args: ['--config', EXAMPLE, '--clock', 'running'] }
    const first = await start(kept)
    await client(first).start('x')
    const { nowMs } = await clock(first, '/step', { ms: 86_400_000 })
    expect(await client(first).statuses('x')).toEqual(['TIMED_OUT'])
    await clock(first, '/pause', {})
    await client(first).start('y')
    await first.kill()
    const second = await start(kept)
    await client(second).start('z')
    const again = await clock(second, '')
    expect(again.mode).toBe('running')
    expect(Number(again.nowMs)).toBeGreaterThanOrEqual(Number(nowMs))
    const times = (await journal()).map((entry) => entry.time_ms)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })
})

describe('a start that cannot be', () => {
  it.each([
    [['--config', 'nowhere.yaml'], 'nowhere.yaml: There is no such file.'],
    [
      ['--config', 'package.json'],
      'package.json: has no "name"; it takes options, clock, queues, ruleSets, configurations.',
    ],
    [['--colour', 'red'], 'There is no option --colour.'],
    [['--options', '{"tickMs":0}'], '--options: Option tickMs must be a whole number from 1 to 86400000.'],
  ])('with %s ends with what is wrong', async (args, message) => {
    await expect(start({ args })).rejects.toThrow(`The engine ended before it was ready: ${message}`)
  })
})
