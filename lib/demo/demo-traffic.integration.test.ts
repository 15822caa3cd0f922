import { setTimeout as sleep } from 'node:timers/promises'
import { DescribeMatchmakingCommand, GameLiftClient } from '@aws-sdk/client-gamelift'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { startTestEngine, type TestEngine } from '#lib/engine/testing/start-test-engine.ts'
import { startDemoTraffic } from './demo-traffic.ts'
import { PROFILES } from './profiles.ts'
import { createTraffic } from './traffic.ts'

const database = testDatabase()
let engine: TestEngine
let client: GameLiftClient

beforeAll(async () => {
  engine = await startTestEngine({ databaseUrl: database.url })
  client = new GameLiftClient({
    endpoint: engine.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  })
})
afterAll(async () => {
  client?.destroy()
  await engine?.stop()
})

/** The client, noting what is sent through it. */
function watched() {
  const started: { TicketId: string; ConfigurationName: string }[] = []
  const sent: string[] = []
  const send = ((command: { input: unknown; constructor: { name: string } }) => {
    sent.push(command.constructor.name)
    if (command.constructor.name === 'StartMatchmakingCommand') started.push(command.input as never)
    return client.send(command as never)
  }) as GameLiftClient['send']
  return { send, started, sent }
}

describe('demo traffic', () => {
  it('completes matches of all three configurations on the real engine, within its bounds', {
    timeout: 60_000,
  }, async () => {
    const door = watched()
    const traffic = createTraffic(door, { seed: 'test', region: 'us-east-1', run: 'a' })
    const completed = new Set<string>()
    const deadline = Date.now() + 50_000
    for (let nowMs = 1_000_000; completed.size < PROFILES.length && Date.now() < deadline; nowMs += 500) {
      await traffic.step(nowMs)
      expect(traffic.openTickets).toBeLessThanOrEqual(60)
      await sleep(20)
      if (nowMs % 5_000 === 0) for (const name of await completedConfigurations(door.started)) completed.add(name)
    }
    expect([...completed].sort()).toEqual(['co-op', 'duel-1v1', 'ranked-5v5'])
    expect(door.sent).toContain('AcceptMatchCommand')
  })

  it('ends the sessions it finds running, so that the world stays bounded', async () => {
    const door = watched()
    const traffic = createTraffic(door, { seed: 'later', region: 'us-east-1', run: 'b' })
    await traffic.step(1_000_000)
    await traffic.step(1_000_000 + 301_000)
    expect(door.sent).toContain('TerminateGameSessionCommand')
  })

  it('sends nothing while it is paused, stops within a second of the pause, and survives an engine that goes away', {
    timeout: 30_000,
  }, async () => {
    let running = true
    const report = vi.fn()
    const port = Number(new URL(engine.endpoint).port)
    const demo = startDemoTraffic({
      endpoint: engine.endpoint,
      region: 'us-east-1',
      isRunning: async () => running,
      report,
    })
    await vi.waitFor(async () => expect(await position()).toBeGreaterThan(0), 5_000)
    await engine.kill()
    await vi.waitFor(
      () => expect(report).toHaveBeenCalledWith('Demo traffic is interrupted; trying again', expect.anything()),
      5_000,
    )
    engine = await startTestEngine({ databaseUrl: database.url, port })
    await vi.waitFor(() => expect(report).toHaveBeenLastCalledWith('Demo traffic goes on'), 10_000)

    running = false
    await sleep(1_000)
    const before = await writes()
    await sleep(1_500)
    expect(await writes()).toBe(before)
    await demo.stop()
  })

  it('refuses to run against AWS', () => {
    const start = () =>
      startDemoTraffic({
        endpoint: 'https://gamelift.us-east-1.amazonaws.com',
        region: 'us-east-1',
        isRunning: async () => true,
        report: () => {},
      })
    expect(start).toThrow('for the local engine only')
  })
})

async function completedConfigurations(started: { TicketId: string }[]): Promise<string[]> {
  const names: string[] = []
  for (let at = 0; at < started.length; at += 10) {
    const TicketIds = started.slice(at, at + 10).map(({ TicketId }) => TicketId)
    const { TicketList = [] } = await client.send(new DescribeMatchmakingCommand({ TicketIds }))
    names.push(
      ...TicketList.flatMap((ticket) => (ticket.Status === 'COMPLETED' ? (ticket.ConfigurationName ?? []) : [])),
    )
  }
  return names
}

async function position(): Promise<number> {
  return ((await (await fetch(`${engine.endpoint}/health`)).json()) as { position: number }).position
}

/** Tickets ever started, straight from the journal: ticks go on in a pause, calls must not. */
async function writes(): Promise<number> {
  const { rows } = await database.db.query(
    `select count(*) as n from engine.journal, string_to_table(commands, E'\\n') as command
     where command::jsonb->>'operation' <> 'Tick'`,
  )
  return rows[0].n
}
