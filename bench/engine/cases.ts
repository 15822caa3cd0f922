/**
 * What one child process of the engine section does: warm up on a small pool, do the work under the clock as often as the
 * time allows, verify, and tell the best. Everybody who is compared is measured in the same way.
 */
import type { PoolTicket } from '#lib/engine/core/contract.ts'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import { drainByScan } from '../anchors/naive-scan.ts'
import { drainByArrays } from '../anchors/typed-array-limit.ts'
import { bytesInUse, collectGarbage, Stopwatch } from '../measure.ts'
import { type FormedMatch, inTwoTeams, verifyMatches } from '../verify.ts'
import { ruleSetBody } from '../workload/rule-set-bodies.ts'
import {
  poolTicket,
  ruleSetBodyOf,
  ticketIdOf,
  ticketIndexOf,
  WORKLOADS,
  type WorkloadName,
} from '../workload/workloads.ts'
import { bestOf, warmUp } from './best-of.ts'
import { CoreService } from './core-service.ts'
import { Desk } from './desk.ts'
import { Service, startCommand } from './service.ts'

export interface CaseInput {
  workload: WorkloadName
  tickets: number
  /** CPU time after which a drain goes no further. */
  budgetMs: number
  /** Less to warm up, and fewer runs to take the best of. */
  quick: boolean
}
export interface CaseResult {
  /** Of the best run. */
  cpuMs: number
  matched: number
  players?: number
  meanSpread: number
  /** CPU time of taking the tickets in, where that is not part of `cpuMs`. */
  intakeMs?: number
  /** CPU time of the longest Tick. */
  longestTickMs?: number
  bytesPerTicket?: number
  /** CPU time of one arrival in a pool where nothing matches, with its share of the Tick; of the best of several runs. */
  arrivalUs?: number
  /** CPU time of a Tick that has nothing to do. */
  idleTickMs?: number
  /** The work did not end within its budget. */
  cut?: boolean
}

const WARM_UP_TICKETS = 10_000
/** The naive scan takes so long that it is warm after a small pool. */
const NAIVE_WARM_UP_TICKETS = 500
/** Naive and Colyseus, which run once, warm up for so much CPU time at most. */
const WARM_UP_MS = 1_500
const COLYSEUS_WARM_UP_TICKETS = 3_000
/** The naive scan is fastest at the beginning, so what it did until then flatters it. */
const NAIVE_MS = 20_000
const ARRIVALS = 20_000
const ARRIVAL_RUNS = 4
const PER_TICK = 1_000
const IDLE_TICKS = 1_000

export const ENGINE_CASES: Readonly<Record<string, (input: CaseInput) => CaseResult | Promise<CaseResult>>> = {
  limit,
  naive,
  colyseus,
  core,
  engine,
  memory,
  arrivals,
}

function limit({ workload, tickets, quick }: CaseInput): CaseResult {
  const { shape, columns: makeColumns } = WORKLOADS[workload]
  const small = makeColumns(fewer(tickets))
  const columns = makeColumns(tickets)
  warmUp(quick, () => drainByArrays(small, shape))
  const best = bestOf(quick, () => {
    const watch = new Stopwatch()
    collectGarbage()
    const found = watch.run(() => drainByArrays(columns, shape))
    return { found, matched: found.length, usedMs: watch.usedMs }
  })
  const size = 2 * shape.teamSize
  const matches: FormedMatch[] = []
  for (let at = 0; at < best.found.length; at += size) {
    matches.push(inTwoTeams(Array.from(best.found.subarray(at, at + size), ticketIdOf)))
  }
  return { cpuMs: best.usedMs, ...verify(workload, tickets, matches) }
}

function naive({ workload, tickets, budgetMs }: CaseInput): CaseResult {
  const { shape } = WORKLOADS[workload]
  drainByScan(makePool(workload, Math.min(NAIVE_WARM_UP_TICKETS, tickets)), shape, WARM_UP_MS)
  const pool = makePool(workload, tickets)
  const watch = new Stopwatch()
  collectGarbage()
  const { matches, cut } = watch.run(() => drainByScan(pool, shape, Math.min(budgetMs, NAIVE_MS)))
  const formed = matches.map((match) => inTwoTeams(match.map(({ ticketId }) => ticketId)))
  return { cpuMs: watch.usedMs, ...verify(workload, tickets, formed), cut }
}

/** It knows no balance between teams, so its matches are not asked for any. */
async function colyseus({ workload, tickets, budgetMs }: CaseInput): Promise<CaseResult> {
  // Only here: no other case should carry its code.
  const { drainByQueueRoom } = await import('../anchors/colyseus-queue.ts')
  const { shape, columns: makeColumns } = WORKLOADS[workload]
  await drainByQueueRoom(makeColumns(Math.min(COLYSEUS_WARM_UP_TICKETS, tickets)), shape, WARM_UP_MS)
  const { matches, usedMs, cut } = await drainByQueueRoom(makeColumns(tickets), shape, budgetMs)
  const formed = matches.map((match) => inTwoTeams(match.map(ticketIdOf)))
  const rules = parseRuleSet(ruleSetBody(workload, { ...shape, maxImbalance: Infinity }))
  return { cpuMs: usedMs, ...verify(workload, tickets, formed, rules), cut }
}

/** Only the search is under the clock: the limit gets its columns ready-made as well. */
function core({ workload, tickets, budgetMs, quick }: CaseInput): CaseResult {
  const service = new CoreService(parseRuleSet(ruleSetBodyOf(workload)))
  const small = makePool(workload, fewer(tickets))
  warmUp(quick, () => service.drain(small, WARM_UP_MS))
  const pool = makePool(workload, tickets)
  const best = bestOf(quick, () => {
    const drained = service.drain(pool, budgetMs)
    return { ...drained, matched: drained.matches.reduce((sum, match) => sum + match.tickets.length, 0) }
  })
  const formed = best.matches.map(({ tickets: members }) => ({ tickets: members, atMs: tickets }))
  return { cpuMs: best.usedMs, intakeMs: best.intakeMs, ...verify(workload, tickets, formed), cut: best.cut }
}

/** StartMatchmaking of every ticket, then a Tick whenever one is due until nothing is: statuses, events, metrics. */
function engine({ workload, tickets, budgetMs, quick }: CaseInput): CaseResult {
  const service = new Service(workload)
  const { columns: makeColumns } = WORKLOADS[workload]
  const small = makeColumns(fewer(tickets))
  warmUp(quick, () => service.drain(small, budgetMs))
  const columns = makeColumns(tickets)
  let longestTickMs = Infinity
  const best = bestOf(
    quick,
    () => service.drain(columns, budgetMs),
    // What else the machine does can only lengthen a Tick: the run in which the longest was shortest counts.
    (drained) => {
      longestTickMs = Math.min(longestTickMs, drained.longestTickMs)
    },
  )
  return { cpuMs: best.usedMs, ...best.verified(), longestTickMs, cut: best.cut }
}

/** Tickets that all wait, after matching has looked at all of them. */
function memory({ workload, tickets, budgetMs }: CaseInput): CaseResult {
  const before = bytesInUse()
  const { desk, watch, cut } = waiting(workload, tickets, 0, budgetMs)
  const bytesPerTicket = (bytesInUse() - before) / tickets
  desk.send({ operation: 'StopMatchmaking', input: { TicketId: ticketIdOf(0) } }) // it is alive, and so all it holds
  return { cpuMs: watch.usedMs, matched: 0, meanSpread: 0, bytesPerTicket, cut }
}

/** A pool that has been looked at; then tickets that suit some and find nothing; then Ticks with nothing to do. */
function arrivals({ workload, tickets, budgetMs }: CaseInput): CaseResult {
  const count = Math.min(ARRIVALS, tickets / 10)
  const { desk, watch, cut, columns } = waiting(workload, tickets + count, count, budgetMs)
  const arriving = new Stopwatch()
  let arrived = 0
  let arrivalUs = Infinity
  collectGarbage()
  for (let run = 1; run <= ARRIVAL_RUNS; run++) {
    const before = { arrived, usedMs: arriving.usedMs }
    const until = Math.floor((count * run) / ARRIVAL_RUNS)
    while (arrived < until && arriving.usedMs < budgetMs) {
      const commands = Array.from({ length: Math.min(PER_TICK, until - arrived) }, () =>
        startCommand(workload, columns, tickets + arrived++),
      )
      arriving.run(() => {
        for (const command of commands) desk.send(command)
      })
      ticksUntilIdle(desk, arriving, budgetMs)
    }
    arrivalUs = Math.min(arrivalUs, (1000 * (arriving.usedMs - before.usedMs)) / (arrived - before.arrived))
  }
  const idle = new Stopwatch()
  let ticks = 0
  while (ticks < IDLE_TICKS && idle.usedMs < 1_000) {
    desk.nowMs += 1_000
    idle.run(() => desk.send({ operation: 'Tick' }))
    ticks++
  }
  return {
    ...{ cpuMs: watch.usedMs + arriving.usedMs + idle.usedMs, matched: 0, meanSpread: 0 },
    arrivalUs,
    idleTickMs: idle.usedMs / ticks,
    cut: cut || arriving.usedMs >= budgetMs,
  }
}

/** `count` tickets, the last `arrivals` of them still to come. Throws when any two of them are matched. */
function waiting(workload: WorkloadName, count: number, arrivals: number, budgetMs: number) {
  const columns = WORKLOADS[workload].columns(count, arrivals)
  const desk = new Desk(workload)
  const watch = new Stopwatch()
  for (let next = 0; next < count - arrivals && watch.usedMs < budgetMs; ) {
    const commands = Array.from({ length: Math.min(PER_TICK, count - arrivals - next) }, () =>
      startCommand(workload, columns, next++),
    )
    // From text, as they come: no two tickets share an object.
    const parsed: typeof commands = JSON.parse(JSON.stringify(commands))
    watch.run(() => {
      for (const command of parsed) desk.send(command)
    })
  }
  ticksUntilIdle(desk, watch, budgetMs)
  return { desk, watch, columns, cut: watch.usedMs >= budgetMs }
}

function ticksUntilIdle(desk: Desk, watch: Stopwatch, budgetMs: number): void {
  const endMs = desk.nowMs + 60_000
  while (watch.usedMs < budgetMs && desk.toNextDue(endMs)) {
    const events = watch.run(() => desk.send({ operation: 'Tick' }))
    if (events.some(({ detail }) => detail.type === 'PotentialMatchCreated')) {
      throw new Error('Tickets were matched in a pool where nothing can match.')
    }
  }
}

/** To warm up with. */
function fewer(tickets: number): number {
  return Math.min(WARM_UP_TICKETS, tickets)
}

function makePool(name: WorkloadName, tickets: number): PoolTicket[] {
  const workload = WORKLOADS[name]
  const columns = workload.columns(tickets)
  return Array.from({ length: tickets }, (_, index) => poolTicket(workload, columns, index))
}

function verify(
  name: WorkloadName,
  tickets: number,
  matches: Iterable<FormedMatch>,
  ruleSet = parseRuleSet(ruleSetBodyOf(name)),
) {
  const workload = WORKLOADS[name]
  const columns = workload.columns(tickets)
  const ticketOf = (ticketId: string) => poolTicket(workload, columns, ticketIndexOf(ticketId), 0)
  return verifyMatches(matches, ticketOf, ruleSet)
}
