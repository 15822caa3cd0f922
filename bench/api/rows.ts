/** Rows A1 to A4 and the event loop's part of E5: the engine process over HTTP, on a PostgreSQL of its own. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineOptionsPatch } from '#lib/engine/core/contract.ts'
import { ask, TookTooLong } from '../children.ts'
import type { RowGroup } from '../row-group.ts'
import { figure } from '../rows.ts'
import { configurationName, ruleSetBodyOf, ticketIdOf, type WorkloadName } from '../workload/workloads.ts'
import type { Load, LoadResult } from './load.ts'
import type { LoadOperation } from './requests.ts'
import { type Server, startEngine, startFloor } from './servers.ts'
import { verified } from './verified.ts'

const OPERATIONS = ['StartMatchmaking', 'DescribeMatchmaking', 'StopMatchmaking'] as const
const GOALS = {
  StartMatchmaking: { id: 'A1', base: 2.5, moon: 1.8 },
  DescribeMatchmaking: { id: 'A2', base: 2, moon: 1.5 },
  StopMatchmaking: { id: 'A2', base: 1.6, moon: 1.2 },
}
/** A day between two passes: what is measured is the requests alone. */
const NO_PASSES: EngineOptionsPatch = { tickMs: 86_400_000 }
const AT_ONCE: EngineOptionsPatch = { placement: { delayMs: 0 }, gameSession: { joinAfterMs: 0 } }
/** Every ticket can still be described afterwards, so every match can be verified. */
const KEEP_ALL: EngineOptionsPatch = {
  limits: { finishedTickets: 1_000_000, endedGameSessions: 1_000_000, liveGameSessions: 1_000_000 },
}
const LOAD_MS = 60_000
const SETTLE_MS = 5_000

const requests: RowGroup = {
  section: 'api',
  ids: ['A1', 'A2'],
  async measure(bench) {
    const databases = await bench.databases()
    const rounds = bench.quick ? 1 : 3
    const repeats = bench.quick ? 1 : 3
    const count = bench.tickets(15_000, 4_000)
    const floor: Record<string, number> = {}
    const product: Record<string, number> = {}
    for (let round = 0; round < rounds; round++) {
      await withServer(startFloor(), (server) => eachOperation(server, { count, repeats }, floor))
      const engine = startConfigured(await databases.create(), NO_PASSES, '1v1', false)
      await withServer(engine, (server) => eachOperation(server, { count, repeats }, product))
    }
    for (const operation of OPERATIONS) {
      const ours = product[operation]!
      const least = floor[operation]!
      bench.report({
        ...{ ...GOALS[operation], what: `${operation}, ${count.toLocaleString('en-US')}`, cpuMs: ours },
        ...{ perCpuSecond: (1000 * count) / ours, value: ours / least, unit: 'x the CPU', anchor: 'node:http null' },
        ...{ better: 'lower', note: `${figure((1000 * ours) / count)} over ${figure((1000 * least) / count)} us` },
      })
    }
  },
}

const startToMatched: RowGroup = {
  section: 'api',
  ids: ['A3'],
  async measure(bench) {
    const databases = await bench.databases()
    const tickets = bench.tickets(20_000, 4_000)
    let best = { cpuMs: Infinity, matched: 0 }
    for (let round = 0; round < (bench.quick ? 1 : 3); round++) {
      const result = await matchOverHttp(await databases.create(), tickets)
      if (result.matched / result.cpuMs > best.matched / best.cpuMs) best = result
    }
    const value = (1000 * best.matched) / best.cpuMs
    bench.report({
      ...{ id: 'A3', what: `1v1 with placement, ${tickets.toLocaleString('en-US')}`, cpuMs: best.cpuMs },
      ...{
        perCpuSecond: value,
        value,
        unit: 'tickets/CPU s',
        anchor: 'nothing (absolute)',
        base: 8_000,
        moon: 15_000,
      },
      ...{ better: 'higher', note: `${best.matched} matched; each request committed before its answer` },
    })
  },
}

/** Tickets that are started over HTTP, matched and placed, and what that costs the engine process. */
export async function matchOverHttp(
  databaseUrl: string | null,
  tickets: number,
): Promise<{ cpuMs: number; matched: number }> {
  const options = { ...AT_ONCE, ...KEEP_ALL }
  return withServer(startConfigured(databaseUrl, options, '1v1', true), async (server) => {
    const warmUp = tickets / 2
    const total = warmUp + tickets
    await load(server, { workload: '1v1', tickets: total, first: 0, count: warmUp })
    await server.quiet(LOAD_MS)
    const warmedUp = await verified(server, '1v1', total, warmUp)
    const before = await server.cpuMs()
    await load(server, { workload: '1v1', tickets: total, first: warmUp, count: tickets })
    const cpuMs = (await server.quiet(LOAD_MS)) - before
    return { cpuMs, matched: (await verified(server, '1v1', total, total)) - warmedUp }
  })
}

const underLoad: RowGroup = {
  section: 'api',
  ids: ['A4'],
  async measure(bench) {
    const databases = await bench.databases()
    const waiting = bench.tickets(100_000, 10_000)
    const burst = bench.tickets(20_000, 4_000)
    const seconds = bench.quick ? 3 : 8
    const rounds = bench.quick ? 1 : 3
    /** More than the server could ever answer in that time. */
    const tickets = waiting + burst * (2 + rounds * seconds)
    await withServer(startConfigured(await databases.create(), {}, 'hard', false), async (server) => {
      const some = (first: number, count: number, perSecond: number | null) =>
        load(server, { workload: 'hard', tickets, first, count, perSecond })
      await some(0, waiting, null)
      await settled(server)
      const before = await server.cpuMs()
      const { perSecond } = await some(waiting, burst, null)
      let next = waiting + burst
      let best: LoadResult | null = null
      for (let round = 0; round < rounds; round++) {
        await settled(server)
        const count = Math.min(Math.floor((seconds * perSecond) / 2), tickets - next)
        const result = await some(next, count, perSecond / 2)
        next += count
        if (best === null || result.p99Ms < best.p99Ms) best = result
      }
      bench.report({
        ...{ id: 'A4', what: `StartMatchmaking, ${waiting.toLocaleString('en-US')} waiting`, perCpuSecond: null },
        ...{
          cpuMs: (await server.cpuMs()) - before,
          value: best!.p99Ms,
          unit: 'ms p99',
          anchor: 'nothing (absolute)',
        },
        ...{ base: 15, moon: 5, better: 'lower', smaller: waiting < 100_000 },
        note: `p50 ${figure(best!.p50Ms)} ms, at ${figure(perSecond / 2)}/s, half of what saturates; nobody matches`,
      })
    })
  },
}

const eventLoop: RowGroup = {
  section: 'api',
  ids: ['E5'],
  async measure(bench) {
    const tickets = bench.tickets(100_000, 10_000)
    let best: Drain | null = null
    for (let round = 0; round < (bench.quick ? 1 : 3); round++) {
      const drain = await drainOverHttp(await (await bench.databases()).create(), tickets)
      // Whatever else the machine does can only lengthen a block.
      if (best === null || drain.longestBlockMs < best.longestBlockMs) best = drain
    }
    const { cpuMs, matched, longestBlockMs, slowestAnswerMs } = best!
    const answer = `slowest answer meanwhile ${figure(slowestAnswerMs)} ms`
    bench.report({
      ...{ id: 'E5', what: `engine process, ${tickets.toLocaleString('en-US')} tickets`, cpuMs },
      ...{ perCpuSecond: (1000 * matched) / cpuMs, value: longestBlockMs, unit: 'ms, longest block' },
      ...{ anchor: 'nothing (absolute)', base: 20, moon: 5, better: 'lower', smaller: tickets < 100_000 },
      note: `event loop while ${figure(matched)} tickets are matched and placed; ${answer}`,
    })
  },
}

interface Drain {
  cpuMs: number
  matched: number
  longestBlockMs: number
  slowestAnswerMs: number
}

/** All tickets wait before the first pass; then they are matched and placed while a client keeps asking. */
async function drainOverHttp(databaseUrl: string, tickets: number): Promise<Drain> {
  const options = { ...NO_PASSES, ...AT_ONCE, ...KEEP_ALL }
  return withServer(startConfigured(databaseUrl, options, '1v1', true), async (server) => {
    await load(server, { workload: '1v1', tickets, first: 0, count: tickets })
    await server.quiet(LOAD_MS)
    const before = await server.cpuMs()
    await server.watchLoop()
    await server.setOptions({ tickMs: 1_000 })
    const asking = keepAsking(server)
    const cpuMs = (await server.quiet(LOAD_MS)) - before
    const longestBlockMs = await server.longestBlockMs()
    const slowestAnswerMs = await asking.stop()
    return { cpuMs, longestBlockMs, slowestAnswerMs, matched: await verified(server, '1v1', tickets, tickets) }
  })
}

export const API_ROWS: readonly RowGroup[] = [requests, startToMatched, underLoad, eventLoop]

async function withServer<T>(starting: Promise<Server>, work: (server: Server) => Promise<T>): Promise<T> {
  const server = await starting
  return work(server).finally(() => server.stop())
}

/** `placed`: matches get a game session from a queue; otherwise they end with the match. */
async function startConfigured(
  databaseUrl: string | null,
  options: EngineOptionsPatch,
  workload: WorkloadName,
  placed: boolean,
): Promise<Server> {
  const server = await startEngine(databaseUrl, options)
  const Name = configurationName(0)
  await server.call('CreateMatchmakingRuleSet', { Name, RuleSetBody: ruleSetBodyOf(workload) })
  const shared = { Name, RuleSetName: Name, RequestTimeoutSeconds: 43_200, AcceptanceRequired: false }
  if (placed) {
    interface Created {
      GameSessionQueue: { GameSessionQueueArn: string }
    }
    const { GameSessionQueue } = await server.call<Created>('CreateGameSessionQueue', { Name })
    const GameSessionQueueArns = [GameSessionQueue.GameSessionQueueArn]
    await server.call('CreateMatchmakingConfiguration', {
      ...shared,
      FlexMatchMode: 'WITH_QUEUE',
      GameSessionQueueArns,
    })
  } else {
    await server.call('CreateMatchmakingConfiguration', { ...shared, FlexMatchMode: 'STANDALONE' })
  }
  return server
}

/** All operations once to warm up, then again under the clock; the least CPU ms of the server process so far. */
async function eachOperation(
  server: Server,
  { count, repeats }: { count: number; repeats: number },
  least: Record<string, number>,
): Promise<void> {
  const tickets = (1 + repeats) * count
  const some = (operation: LoadOperation, first: number) =>
    load(server, { operation, workload: '1v1', tickets, first, count })
  for (const operation of OPERATIONS) await some(operation, 0)
  for (let repeat = 1; repeat <= repeats; repeat++) {
    for (const operation of OPERATIONS) {
      const before = await server.cpuMs()
      await some(operation, repeat * count)
      least[operation] = Math.min(least[operation] ?? Infinity, (await server.cpuMs()) - before)
    }
  }
}

/** Waits until the server has done what it was asked for, or a while: one that never rests is measured as it is. */
async function settled(server: Server): Promise<void> {
  await server.quiet(SETTLE_MS).catch((error: unknown) => {
    if (!(error instanceof TookTooLong)) throw error
  })
}

/** Sends the requests and returns when all are answered. Throws when one was refused. */
async function load(
  { port, loader }: Server,
  job: Omit<Load, 'port' | 'operation' | 'perSecond'> & Partial<Load>,
): Promise<LoadResult> {
  const complete: Load = { operation: 'StartMatchmaking', perSecond: null, ...job, port }
  const result = await ask<LoadResult>(loader, complete, LOAD_MS)
  if (result.refused > 0) throw new Error(`${result.refused} of ${job.count} requests were refused.`)
  return result
}

/** Describes a ticket every few ms, as clients that poll do. `stop` says how long the slowest answer took. */
function keepAsking(server: Server): { stop(): Promise<number> } {
  let stopped = false
  let slowestMs = 0
  const asking = (async () => {
    while (!stopped) {
      const startMs = performance.now()
      await server.call('DescribeMatchmaking', { TicketIds: [ticketIdOf(0)] })
      slowestMs = Math.max(slowestMs, performance.now() - startMs)
      await sleep(20)
    }
  })()
  return {
    async stop() {
      stopped = true
      await asking
      return slowestMs
    },
  }
}
