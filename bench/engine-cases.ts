/** What one child process of the engine section does: set up, run one drain under the clock, verify, report. */
import type { EngineEvent, FoundMatch, PoolTicket } from '#lib/engine/core/contract.ts'
import { createEngine } from '#lib/engine/core/engine.ts'
import { findMatches } from '#lib/engine/core/matching/find-matches.ts'
import { DEFAULT_OPTIONS } from '#lib/engine/core/options.ts'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import { drainByScan } from './anchors/naive-scan.ts'
import { drainByArrays } from './anchors/typed-array-limit.ts'
import { bytesInUse, cpuMs, measured } from './measure.ts'
import { inTwoTeams, verifyMatches } from './verify.ts'
import {
  makeColumns,
  poolTicket,
  type RuleSetName,
  ruleSetBody,
  SHAPES,
  seededRandom,
  startInput,
  ticketIdOf,
} from './workload.ts'

export interface CaseInput {
  ruleSet: RuleSetName
  tickets: number
  /** CPU time after which a drain goes no further. */
  budgetMs: number
}
export interface CaseResult {
  cpuMs: number
  matched: number
  /** CPU time of the longest single call. */
  longestMs?: number
  bytesPerTicket?: number
  /** The drain did not end within its budget. */
  cut?: boolean
}
type Match = Pick<FoundMatch, 'tickets'>

const START_MS = Date.UTC(2026, 1, 3, 18, 20, 0)
const CONFIGURATION = 'bench'
/** A pass that ran out of work asks for another; after so many in a row without a match the drain counts as done. */
const IDLE_PASSES = 2

export const ENGINE_CASES: Record<string, (input: CaseInput) => CaseResult> = { limit, naive, core, engine, memory }

function limit({ ruleSet, tickets }: CaseInput): CaseResult {
  const columns = makeColumns(tickets)
  const { value, usedMs } = measured(() => drainByArrays(columns, SHAPES[ruleSet]))
  const size = 2 * SHAPES[ruleSet].teamSize
  const matches: Match[] = []
  for (let at = 0; at < value.length; at += size) {
    matches.push(inTwoTeams(Array.from(value.subarray(at, at + size), ticketIdOf)))
  }
  return { cpuMs: usedMs, matched: verifyMatches(matches, lookUp(makePool(tickets)), ruleSet) }
}

function naive({ ruleSet, tickets, budgetMs }: CaseInput): CaseResult {
  const pool = makePool(tickets)
  const { value, usedMs } = measured(() => drainByScan(pool, SHAPES[ruleSet], budgetMs))
  const matches = value.matches.map((match) => inTwoTeams(match.map(({ ticketId }) => ticketId)))
  return { cpuMs: usedMs, matched: verifyMatches(matches, lookUp(pool), ruleSet), cut: value.cut }
}

/** Matching passes as the engine calls them, over what is left, until they find nothing. */
function core({ ruleSet, tickets, budgetMs }: CaseInput): CaseResult {
  const pool = makePool(tickets)
  const parsed = parseRuleSet(ruleSetBody(ruleSet))
  const random = seededRandom(7)
  const endMs = cpuMs() + budgetMs
  let longestMs = 0
  let cut = false
  const { value, usedMs } = measured(() => {
    const matches: Match[] = []
    let left: readonly PoolTicket[] = pool
    let idle = 0
    for (;;) {
      const startedMs = cpuMs()
      const input = { pool: left, ruleSet: parsed, additionalPlayerCount: 0, nowMs: tickets, random }
      const result = findMatches({ ...input, options: DEFAULT_OPTIONS })
      longestMs = Math.max(longestMs, cpuMs() - startedMs)
      matches.push(...result.matches)
      idle = result.matches.length > 0 ? 0 : idle + 1
      if (result.nextChangeMs === null || idle === IDLE_PASSES) return matches
      cut = cpuMs() > endMs
      if (cut) return matches
      const gone = new Set(result.matches.flatMap((match) => match.tickets.map(({ ticketId }) => ticketId)))
      left = left.filter(({ ticketId }) => !gone.has(ticketId))
    }
  })
  return { cpuMs: usedMs, matched: verifyMatches(value, lookUp(pool), ruleSet), longestMs, cut }
}

/** StartMatchmaking of every ticket, then a Tick whenever one is due until nothing is: statuses, events, metrics. */
function engine({ ruleSet, tickets, budgetMs }: CaseInput): CaseResult {
  const desk = standaloneEngine(ruleSet)
  const columns = makeColumns(tickets)
  const inputs = Array.from({ length: tickets }, (_, index) => startInput(columns, index, CONFIGURATION))
  const endMs = cpuMs() + budgetMs
  const succeeded: EngineEvent[] = []
  let longestMs = 0
  let cut = false
  const { usedMs } = measured(() => {
    for (const input of inputs) desk.send({ operation: 'StartMatchmaking', input })
    for (let idle = 0; idle < IDLE_PASSES && !cut; ) {
      if (!desk.toNextDue()) break
      const startedMs = cpuMs()
      const before = succeeded.length
      for (const event of desk.send({ operation: 'Tick' })) {
        if (event.detail.type === 'MatchmakingSucceeded') succeeded.push(event)
      }
      longestMs = Math.max(longestMs, cpuMs() - startedMs)
      idle = succeeded.length > before ? 0 : idle + 1
      cut = cpuMs() > endMs
    }
  })
  const matched = verifyMatches(succeeded.map(matchOf), lookUp(makePool(tickets)), ruleSet)
  return { cpuMs: usedMs, matched, longestMs, cut }
}

/** Tickets that all wait, after one pass has looked at them. */
function memory({ tickets }: CaseInput): CaseResult {
  const desk = standaloneEngine('hard')
  const columns = makeColumns(tickets)
  const before = bytesInUse()
  const { usedMs } = measured(() => {
    for (let index = 0; index < tickets; index++) {
      const input = JSON.parse(JSON.stringify(startInput(columns, index, CONFIGURATION)))
      desk.send({ operation: 'StartMatchmaking', input })
    }
    desk.toNextDue()
    desk.send({ operation: 'Tick' })
  })
  const bytesPerTicket = (bytesInUse() - before) / tickets
  desk.send({ operation: 'StopMatchmaking', input: { TicketId: ticketIdOf(0) } }) // it is alive, and so all it holds
  return { cpuMs: usedMs, matched: 0, bytesPerTicket }
}

function standaloneEngine(ruleSet: RuleSetName) {
  const engine = createEngine(DEFAULT_OPTIONS)
  let position = 0
  let nowMs = START_MS
  const send = (command: Parameters<typeof engine.apply>[0]['command']) => {
    const reply = engine.apply({ position: ++position, timeMs: nowMs, command })
    if (!reply.ok) throw reply.refusal
    return reply.events
  }
  const toNextDue = () => {
    const dueMs = engine.dueAtMs()
    // Beyond that there are request time-outs only.
    if (dueMs === null || dueMs > START_MS + 3_600_000) return false
    nowMs = Math.max(nowMs, dueMs)
    return true
  }
  send({ operation: 'CreateMatchmakingRuleSet', input: { Name: 'rules', RuleSetBody: ruleSetBody(ruleSet) } })
  send({
    operation: 'CreateMatchmakingConfiguration',
    input: {
      Name: CONFIGURATION,
      RuleSetName: 'rules',
      RequestTimeoutSeconds: 43_200,
      AcceptanceRequired: false,
      FlexMatchMode: 'STANDALONE',
    },
  })
  return { send, toNextDue }
}

function matchOf({ detail }: EngineEvent): Match {
  if (!('tickets' in detail)) throw new Error(`${detail.type} has no tickets.`)
  return {
    tickets: detail.tickets.map(({ ticketId, players }) => ({
      ticketId,
      teams: players.map(({ team }) => team ?? ''),
    })),
  }
}

function makePool(tickets: number): PoolTicket[] {
  const columns = makeColumns(tickets)
  return Array.from({ length: tickets }, (_, index) => poolTicket(columns, index))
}

function lookUp(pool: readonly PoolTicket[]): (ticketId: string) => PoolTicket | undefined {
  const byId = new Map(pool.map((ticket) => [ticket.ticketId, ticket]))
  return (ticketId) => byId.get(ticketId)
}
