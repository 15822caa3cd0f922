/**
 * All of the engine core at work, as it works in service: one engine lives on while pool after pool of tickets comes, is
 * matched, and every event is made. A new engine per pool would lose the code that was compiled for the one before.
 */
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
  ticketIdOf,
  ticketIndexOf,
  WORKLOADS,
  type Workload,
  type WorkloadName,
  waveOf,
} from '../workload/workloads.ts'
import { Desk } from './desk.ts'

/** Requests are made so many at a time, outside of the clock, as a parser would just before they are carried out. */
const CHUNK = 1_000
const WAVE_MS = 1_000
/** Every expansion of the workloads has fallen due by then. */
const HORIZON_MS = 60_000
/** Nothing of one pool is left to be done when the next one comes. */
const BETWEEN_POOLS_MS = 100_000

export interface Drained {
  usedMs: number
  /** Tickets. */
  matched: number
  /** CPU time of the longest Tick. */
  longestTickMs: number
  cut: boolean
  /** Throws when one of the matches is not legal. Takes longer than the drain. */
  verified(): Verified
}

export class Service {
  readonly #name: WorkloadName
  readonly #workload: Workload
  readonly #desk: Desk
  /** Number of the next new ticket. */
  #first = 0

  constructor(name: WorkloadName) {
    this.#name = name
    this.#workload = WORKLOADS[name]
    this.#desk = new Desk(name)
  }

  /**
   * StartMatchmaking of every ticket, under an id that is new to the engine, then a Tick whenever one is due until nothing
   * is. Goes no further after `budgetMs` of CPU time. Tickets that found no match are stopped outside of the clock.
   */
  drain(drawn: Columns, budgetMs: number): Drained {
    const desk = this.#desk
    const columns = { ...drawn, first: this.#first }
    const { count } = columns
    this.#first += count
    const startMs = desk.nowMs + BETWEEN_POOLS_MS
    const intake = new Stopwatch()
    const ticks = new Stopwatch()
    const formed: FormedMatch[] = []
    const usedMs = () => intake.usedMs + ticks.usedMs
    const tickUntil = (endMs: number): void => {
      while (usedMs() < budgetMs && desk.toNextDue(endMs)) {
        const events = ticks.piece(() => desk.send({ operation: 'Tick' }))
        const answers = events.flatMap(acceptances)
        const told = answers.length === 0 ? events : intake.run(() => answers.flatMap((answer) => desk.send(answer)))
        for (const event of told) {
          if (event.detail.type === 'MatchmakingSucceeded') formed.push(formedBy(event))
        }
      }
    }
    collectGarbage()
    let next = 0
    for (let wave = 0; wave < (this.#workload.waves ?? 1) && usedMs() < budgetMs; wave++) {
      desk.nowMs = startMs + wave * WAVE_MS
      while (next < count && waveOf(this.#workload, next, count) === wave) {
        const commands: Command[] = []
        while (next < count && commands.length < CHUNK && waveOf(this.#workload, next, count) === wave) {
          commands.push(startCommand(this.#name, columns, next++))
        }
        intake.run(() => {
          for (const command of commands) desk.send(command)
        })
      }
      tickUntil(next < count ? startMs + (wave + 1) * WAVE_MS : desk.nowMs + HORIZON_MS)
    }
    const cut = usedMs() >= budgetMs
    if (!cut) this.#stopOthers(columns, formed)
    const matched = formed.reduce((sum, { tickets }) => sum + tickets.length, 0)
    const verified = () => this.#verified(columns, startMs, formed)
    return { usedMs: usedMs(), matched, longestTickMs: ticks.longestMs, cut, verified }
  }

  /** They must not be matched with those of the next pool. */
  #stopOthers({ first, count }: Columns, formed: readonly FormedMatch[]): void {
    const matched = new Set(formed.flatMap(({ tickets }) => tickets.map(({ ticketId }) => ticketId)))
    for (let index = first; index < first + count; index++) {
      const TicketId = ticketIdOf(index)
      if (!matched.has(TicketId)) this.#desk.send({ operation: 'StopMatchmaking', input: { TicketId } })
    }
  }

  /** Of a workload with several configurations each match must be of one. */
  #verified(columns: Columns, startMs: number, formed: readonly FormedMatch[]): Verified {
    const workload = this.#workload
    const { configurations = 1 } = workload
    const indexOf = (ticketId: string) => ticketIndexOf(ticketId) - columns.first
    for (const { tickets } of formed) {
      const numbers = new Set(tickets.map(({ ticketId }) => indexOf(ticketId) % configurations))
      if (numbers.size > 1) throw new Error('A match has tickets of two configurations.')
    }
    const ticketOf = (ticketId: string) => {
      const index = indexOf(ticketId)
      if (index < 0 || index >= columns.count) return undefined // of another pool
      return poolTicket(workload, columns, index, startMs + waveOf(workload, index, columns.count) * WAVE_MS)
    }
    return verifyMatches(formed, ticketOf, parseRuleSet(ruleSetBodyOf(this.#name)))
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
