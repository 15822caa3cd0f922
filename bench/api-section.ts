/** Rows A1 to A3: the engine process over HTTP on a PostgreSQL of its own; the floor is a node:http that does nothing. */
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmbeddedPostgres } from '#lib/db/embedded.ts'
import { migrate } from '#lib/db/migrate.ts'
import { openPool } from '#lib/db/pool.ts'
import { withDatabase } from '#lib/db/testing/global-setup.ts'
import type { EngineOptionsPatch, FoundMatch } from '#lib/engine/core/contract.ts'
import type { Load } from './api-load.ts'
import { type Server, sendLoad, startServer } from './children.ts'
import type { Effort } from './engine-section.ts'
import { figure } from './rows.ts'
import { verifyMatches } from './verify.ts'
import { makeColumns, poolTicket, ruleSetBody, ticketIdOf } from './workload.ts'

const CONFIGURATION = 'bench'
const OPERATIONS = ['StartMatchmaking', 'DescribeMatchmaking', 'StopMatchmaking'] as const
type Operation = (typeof OPERATIONS)[number]
const GOALS = {
  StartMatchmaking: { id: 'A1', base: 2.5, moon: 1.8 },
  DescribeMatchmaking: { id: 'A2', base: 2, moon: 1.5 },
  StopMatchmaking: { id: 'A2', base: 1.6, moon: 1.2 },
}
/** A day between two passes: what is measured is the requests alone. */
const NO_PASSES: EngineOptionsPatch = { tickMs: 86_400_000 }
/** Longer than the time between two passes. */
const QUIET_MS = 1_200
const MOST_MS = 60_000

export async function apiSection({ quick, report }: Effort): Promise<void> {
  const rounds = quick ? 2 : 3
  const requests = quick ? 4_000 : 15_000
  const databases = await startDatabases()
  try {
    const floor: Record<string, number[]> = {}
    const product: Record<string, number[]> = {}
    for (let round = 0; round < rounds; round++) {
      const bare = await startServer({ kind: 'null' })
      await collect(floor, bare, requests)
      const engine = await startEngine(await databases.create(), NO_PASSES)
      await collect(product, engine, requests)
    }
    for (const operation of OPERATIONS) {
      const ours = Math.min(...(product[operation] ?? []))
      const least = Math.min(...(floor[operation] ?? []))
      report({
        ...{ ...GOALS[operation], what: `${operation}, ${figure(requests)}`, cpuMs: ours },
        ...{ perCpuSecond: (1000 * requests) / ours, value: ours / least, unit: 'x', anchor: 'node:http null' },
        ...{
          better: 'lower',
          note: `${figure((1000 * ours) / requests)} over ${figure((1000 * least) / requests)} us`,
        },
      })
    }

    const tickets = quick ? 4_000 : 8_000
    let best = { cpuMs: Infinity, matched: 0 }
    for (let round = 0; round < rounds; round++) {
      const result = await startToMatched(await databases.create(), tickets)
      if (result.matched / result.cpuMs > best.matched / best.cpuMs) best = result
    }
    const value = (1000 * best.matched) / best.cpuMs
    report({
      ...{ id: 'A3', what: `1v1 with placement, ${figure(tickets)}`, cpuMs: best.cpuMs, perCpuSecond: value, value },
      ...{ unit: 'tickets/CPU s', anchor: 'none (absolute)', base: 8_000, moon: 15_000, better: 'higher' },
      note: `${best.matched} matched`,
    })
  } finally {
    await databases.stop()
  }
}

/** Each operation once to warm up and once under the clock; CPU ms of the server process. */
async function collect(into: Record<string, number[]>, server: Server, requests: number): Promise<void> {
  for (const operation of OPERATIONS) {
    await load(server, operation, 0, requests)
    const before = await server.cpuMs()
    await load(server, operation, requests, requests)
    const used = (await server.cpuMs()) - before
    into[operation] = [...(into[operation] ?? []), used]
  }
  await server.stop()
}

/** A quarter as many tickets to warm up, then `tickets` of them, until the engine has nothing left to do. */
async function startToMatched(databaseUrl: string, tickets: number): Promise<{ cpuMs: number; matched: number }> {
  const engine = await startEngine(databaseUrl, { placement: { delayMs: 0 }, gameSession: { joinAfterMs: 0 } }, true)
  const warmUp = tickets / 4
  await load(engine, 'StartMatchmaking', 0, warmUp)
  await quiet(engine)
  const warmedUp = await verified(engine, warmUp)
  const before = await engine.cpuMs()
  await load(engine, 'StartMatchmaking', warmUp, tickets)
  const cpuMs = (await quiet(engine)) - before
  const matched = (await verified(engine, warmUp + tickets)) - warmedUp
  await engine.stop()
  return { cpuMs, matched }
}

/** CPU ms once the process has used next to none for a while. */
async function quiet(server: Server): Promise<number> {
  const endMs = performance.now() + MOST_MS
  for (let last = await server.cpuMs(); ; ) {
    await sleep(QUIET_MS)
    const now = await server.cpuMs()
    if (now - last < 20) return now
    if (performance.now() > endMs) throw new Error(`The engine is still busy ${MOST_MS} ms after its last request.`)
    last = now
  }
}

/** Asks for every ticket and checks the matches they are in. How many are matched. */
async function verified(server: Server, count: number): Promise<number> {
  interface Described {
    TicketId: string
    Status: string
    Players: { Team?: string }[]
    GameSessionConnectionInfo?: { GameSessionArn: string }
  }
  const matches = new Map<string, FoundMatch['tickets']>()
  for (let first = 0; first < count; first += 10) {
    const ids = Array.from({ length: Math.min(10, count - first) }, (_, index) => ticketIdOf(first + index))
    const { TicketList } = await call<{ TicketList: Described[] }>(server, 'DescribeMatchmaking', { TicketIds: ids })
    for (const { TicketId, Status, Players, GameSessionConnectionInfo } of TicketList) {
      if (Status !== 'COMPLETED' || !GameSessionConnectionInfo) continue
      const { GameSessionArn } = GameSessionConnectionInfo
      const member = { ticketId: TicketId, teams: Players.map(({ Team }) => Team ?? '') }
      matches.set(GameSessionArn, [...(matches.get(GameSessionArn) ?? []), member])
    }
  }
  const columns = makeColumns(count)
  const indexOf = new Map(Array.from({ length: count }, (_, index) => [ticketIdOf(index), index]))
  const ticketOf = (ticketId: string) => {
    const index = indexOf.get(ticketId)
    return index === undefined ? undefined : poolTicket(columns, index)
  }
  const formed = Array.from(matches.values(), (tickets) => ({ tickets }))
  return verifyMatches(formed, ticketOf, '1v1')
}

async function startEngine(databaseUrl: string, options: EngineOptionsPatch, placed = false): Promise<Server> {
  const server = await startServer({ kind: 'engine', databaseUrl, options })
  await call(server, 'CreateMatchmakingRuleSet', { Name: 'rules', RuleSetBody: ruleSetBody('1v1') })
  const queue = placed
    ? await call<{ GameSessionQueue: { GameSessionQueueArn: string } }>(server, 'CreateGameSessionQueue', { Name: 'q' })
    : null
  await call(server, 'CreateMatchmakingConfiguration', {
    ...{ Name: CONFIGURATION, RuleSetName: 'rules', RequestTimeoutSeconds: 43_200, AcceptanceRequired: false },
    ...(queue
      ? { FlexMatchMode: 'WITH_QUEUE', GameSessionQueueArns: [queue.GameSessionQueue.GameSessionQueueArn] }
      : { FlexMatchMode: 'STANDALONE' }),
  })
  return server
}

function load({ port }: Server, operation: Operation, first: number, count: number): Promise<void> {
  const job: Load = { port, operation, configuration: CONFIGURATION, first, count }
  return sendLoad(job)
}

async function call<T>({ port }: Server, operation: string, input: object): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `GameLift.${operation}` },
    body: JSON.stringify(input),
  })
  if (!response.ok) throw new Error(`${operation} was refused: ${await response.text()}`)
  return (await response.json()) as T
}

/** A PostgreSQL that exists for this run, with a fresh migrated database for every engine. */
async function startDatabases() {
  const folder = path.resolve('.test-data', `bench-${randomBytes(4).toString('hex')}`)
  fs.mkdirSync(folder, { recursive: true })
  const postgres = await startEmbeddedPostgres(path.join(folder, 'postgres'))
  let made = 0
  return {
    async create(): Promise<string> {
      const name = `bench_${++made}`
      const admin = openPool(postgres.connectionString, { name: 'bench', max: 1 })
      await admin.query(`create database ${name}`).finally(() => admin.end())
      const url = withDatabase(postgres.connectionString, name)
      const pool = openPool(url, { name: 'bench', max: 1 })
      await migrate(pool).finally(() => pool.end())
      return url
    },
    async stop(): Promise<void> {
      await postgres.stop()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}
