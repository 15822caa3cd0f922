/** The whole engine, behaving as badly as it is told to. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { EngineOptionsPatch } from './core/contract.ts'
import { type RunningEngine, runEngine } from './run-engine.ts'
import { type EventReceiver, startEventReceiver } from './testing/event-receiver.ts'

const toStop: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of toStop.splice(0).reverse()) await stop()
})

async function anEngine(options: EngineOptionsPatch): Promise<{ engine: RunningEngine; receiver: EventReceiver }> {
  const receiver = await startEventReceiver()
  toStop.push(() => receiver.close())
  const engine = await runEngine({
    databaseUrl: null,
    settings: {
      host: '127.0.0.1',
      port: 0,
      options: { tickMs: 3_600_000, ...options },
      eventTime: 'seconds',
      targets: [],
    },
    targets: [{ name: 'receiver', url: receiver.url, secret: null, type: 'eventbridge' }],
  })
  toStop.push(() => engine.stop())
  return { engine, receiver }
}

async function call({ endpoint }: RunningEngine, operation: string, input: object) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `GameLift.${operation}` },
    body: JSON.stringify(input),
  })
  return { status: response.status, body: await response.json() }
}

/** One event for each ticket: with an hour between passes none is picked up before it is stopped. */
async function searchAndStop(engine: RunningEngine, ticketIds: string[]): Promise<void> {
  const teams = [{ name: 'all', minPlayers: 2, maxPlayers: 2 }]
  const RuleSetBody = JSON.stringify({ ruleLanguageVersion: '1.0', teams })
  await call(engine, 'CreateMatchmakingRuleSet', { Name: 'pair', RuleSetBody })
  await call(engine, 'CreateMatchmakingConfiguration', {
    Name: 'pair',
    RuleSetName: 'pair',
    RequestTimeoutSeconds: 60,
    AcceptanceRequired: false,
    FlexMatchMode: 'STANDALONE',
  })
  for (const TicketId of ticketIds) {
    await call(engine, 'StartMatchmaking', { TicketId, ConfigurationName: 'pair', Players: [{ PlayerId: TicketId }] })
    await call(engine, 'StopMatchmaking', { TicketId })
  }
}
const TICKETS = Array.from({ length: 12 }, (_, index) => `t${index}`)
const ticketsTold = (receiver: EventReceiver) =>
  receiver
    .envelopes()
    .flatMap(({ detail }) => ('tickets' in detail ? detail.tickets.map(({ ticketId }) => ticketId) : []))

describe('events', () => {
  it('arrive at once, once and in order by default', async () => {
    const { engine, receiver } = await anEngine({})
    await searchAndStop(engine, TICKETS)
    await vi.waitFor(() => expect(ticketsTold(receiver)).toEqual(TICKETS))
  })

  it('arrive again, late and in another order when that is wanted, and none is lost', async () => {
    const { engine, receiver } = await anEngine({ events: { delayMs: 30, repeatPercent: 100, shuffleMs: 20_000 } })
    await searchAndStop(engine, TICKETS)
    expect(receiver.envelopes()).toEqual([])
    await fetch(`${engine.endpoint}/lab/options`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ events: { shuffleMs: 1 } }),
    })
    await vi.waitFor(() => expect(receiver.envelopes()).toHaveLength(24))
    const told = ticketsTold(receiver)
    expect(told.toSorted()).toEqual([...TICKETS, ...TICKETS].sort())
    const ids = receiver.envelopes().map(({ id }) => id)
    expect(new Set(ids).size).toBe(12)
  })
})

describe('requests', () => {
  it('are refused over the rate of their operation, when that is wanted', async () => {
    const { engine } = await anEngine({ requestRates: { enforced: true, percent: 1 } })
    const ask = () => call(engine, 'DescribeMatchmakingConfigurations', {})
    expect(await ask()).toMatchObject({ status: 200 })
    const refused = await ask()
    expect(refused).toEqual({ status: 400, body: { __type: 'ThrottlingException', Message: 'Rate exceeded' } })
  })

  it('are all taken by default', async () => {
    const { engine } = await anEngine({})
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => call(engine, 'DescribeMatchmakingConfigurations', {})),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200))
  })
})
