/** All of the engine core at work: tickets come in, are matched, and every event is made. */
import type { Command, EngineEvent } from '#lib/engine/core/contract.ts'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import { collectGarbage, Stopwatch } from '../measure.ts'
import { type FormedMatch, type Verified, verifyMatches } from '../verify.ts'
import type { Columns } from '../workload/columns.ts'
import {
  isBackfill,
  poolTicket,
  ruleSetBodyOf,
  startInput,
  ticketIndexOf,
  WORKLOADS,
  type WorkloadName,
  waveOf,
} from '../workload/workloads.ts'
import { Desk, START_MS } from './desk.ts'

/** Requests are made so many at a time, outside of the clock, as a parser would just before they are carried out. */
const CHUNK = 1_000
const WAVE_MS = 1_000
/** Every expansion of the workloads has fallen due by then. */
const HORIZON_MS = 60_000
export interface Drained extends Verified {
  usedMs: number
  /** CPU time of the longest Tick. */
  longestTickMs: number
  cut: boolean
}

/** Goes no further after `budgetMs` of CPU time. */
export function drainEngine(name: WorkloadName, tickets: number, budgetMs: number): Drained {
  const workload = WORKLOADS[name]
  const columns = workload.columns(tickets)
  const desk = new Desk(name)
  const intake = new Stopwatch()
  const ticks = new Stopwatch()
  const formed: FormedMatch[] = []
  const usedMs = () => intake.usedMs + ticks.usedMs
  collectGarbage()
  let next = 0
  for (let wave = 0; wave < (workload.waves ?? 1) && usedMs() < budgetMs; wave++) {
    desk.nowMs = START_MS + wave * WAVE_MS
    while (next < tickets && waveOf(workload, next, tickets) === wave) {
      const commands: Command[] = []
      while (next < tickets && commands.length < CHUNK && waveOf(workload, next, tickets) === wave) {
        commands.push(startCommand(name, columns, next++))
      }
      intake.run(() => {
        for (const command of commands) desk.send(command)
      })
    }
    tickUntil(next < tickets ? START_MS + (wave + 1) * WAVE_MS : desk.nowMs + HORIZON_MS)
  }
  const cut = usedMs() >= budgetMs
  return { ...verified(name, columns, formed), usedMs: usedMs(), longestTickMs: ticks.longestMs, cut }

  function tickUntil(endMs: number): void {
    while (usedMs() < budgetMs && desk.toNextDue(endMs)) {
      const events = ticks.piece(() => desk.send({ operation: 'Tick' }))
      const answers = events.flatMap(acceptances)
      const told = answers.length === 0 ? events : intake.run(() => answers.flatMap((answer) => desk.send(answer)))
      for (const event of told) {
        if (event.detail.type === 'MatchmakingSucceeded') formed.push(formedBy(event))
      }
    }
  }
}

export function startCommand(name: WorkloadName, columns: Columns, index: number): Command {
  const workload = WORKLOADS[name]
  const operation = isBackfill(workload, index) ? 'StartMatchBackfill' : 'StartMatchmaking'
  return { operation, input: startInput(workload, columns, index) }
}

/** Every player of every ticket of a proposed match says yes; backfill requests are not asked. */
function acceptances({ detail }: EngineEvent): Command[] {
  if (detail.type !== 'PotentialMatchCreated' || !detail.acceptanceRequired) return []
  return detail.tickets.map(({ ticketId, players }) => ({
    operation: 'AcceptMatch',
    input: { TicketId: ticketId, PlayerIds: players.map(({ playerId }) => playerId), AcceptanceType: 'ACCEPT' },
  }))
}

function formedBy({ detail, timeMs }: EngineEvent): FormedMatch {
  if (!('tickets' in detail)) throw new Error(`${detail.type} has no tickets.`)
  const tickets = detail.tickets.map(({ ticketId, players }) => ({
    ticketId,
    teams: players.map(({ team }) => team ?? ''),
  }))
  return { tickets, atMs: timeMs }
}

/** Of a workload with several configurations each match must be of one. */
function verified(name: WorkloadName, columns: Columns, formed: readonly FormedMatch[]): Verified {
  const workload = WORKLOADS[name]
  const { configurations = 1 } = workload
  for (const { tickets } of formed) {
    const numbers = new Set(tickets.map(({ ticketId }) => ticketIndexOf(ticketId) % configurations))
    if (numbers.size > 1) throw new Error('A match has tickets of two configurations.')
  }
  const ticketOf = (ticketId: string) => {
    const index = ticketIndexOf(ticketId)
    const startTimeMs = START_MS + waveOf(workload, index, columns.count) * WAVE_MS
    return poolTicket(workload, columns, index, startTimeMs)
  }
  return verifyMatches(formed, ticketOf, parseRuleSet(ruleSetBodyOf(name)))
}
