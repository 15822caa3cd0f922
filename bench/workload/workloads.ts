/** What is matched by what, and how it arrives. */
import type { PoolTicket } from '#lib/engine/core/contract.ts'
import { type Columns, clumps, crowds, MAPS, parties, REGIONS, singles } from './columns.ts'
import { BALANCED, ruleSetBody, type Shape, TEAMS, widening } from './rule-set-bodies.ts'

export interface Workload {
  shape: Shape
  /** The tickets; the last `arrivals` of them come after the others have been looked at. */
  columns(count: number, arrivals?: number): Columns
  /** What the rule set has beyond its shape. */
  more?: Record<string, unknown>
  /** Tickets are dealt out to so many configurations in turn, each with a rule set of its own. Otherwise one. */
  configurations?: number
  /** Tickets arrive in so many equal waves, a second apart, with matching in between. Otherwise all at once. */
  waves?: number
  /** Every proposed match is accepted by all of its players. */
  acceptance?: boolean
  /** Every so many tickets one is a backfill request for a game with two players missing. */
  backfillEvery?: number
}

const DUEL: Shape = { teamSize: 1, maxSpread: 50, maxLatencyMs: 100, maxImbalance: Infinity, sameModeAndMap: false }
const FIVES: Shape = { teamSize: 5, maxSpread: 100, maxLatencyMs: 100, maxImbalance: 10, sameModeAndMap: false }
const RICH: Shape = { ...FIVES, maxSpread: 200, sameModeAndMap: true }
const WAVES = 10

const WORKLOADS_BY_NAME = {
  '1v1': { shape: DUEL, columns: singles },
  '5v5': { shape: FIVES, columns: singles },
  /** Five rules: besides skill, latency and balance one game mode and a common map. */
  '5v5rich': { shape: RICH, columns: singles },
  parties: { shape: FIVES, columns: parties },
  many: { shape: { ...DUEL, maxSpread: 200 }, columns: singles, configurations: 300 },
  large: { shape: { ...DUEL, teamSize: 100, maxSpread: 1000 }, columns: singles, more: BALANCED },
  /** Nobody is that near to any region: everybody waits, and costs memory only. */
  far: { shape: { ...DUEL, maxLatencyMs: 1 }, columns: singles },
  /** Everybody is weighed against others and waits. */
  hard: { shape: { ...FIVES, maxImbalance: 50 }, columns: clumps },
  hardmode: { shape: { ...RICH, maxImbalance: 75 }, columns: crowds },
  /** The next four in pairs with `waved`: the same tickets in the same waves, with one thing more. */
  waved: { shape: FIVES, columns: singles, waves: WAVES },
  accepted: { shape: FIVES, columns: singles, waves: WAVES, acceptance: true },
  expanding: { shape: FIVES, columns: singles, waves: WAVES, more: widening({ 2: 150, 5: 200, 10: 300 }) },
  backfilled: { shape: FIVES, columns: singles, waves: WAVES, backfillEvery: 20 },
} satisfies Record<string, Workload>
export type WorkloadName = keyof typeof WORKLOADS_BY_NAME
export const WORKLOADS: Readonly<Record<WorkloadName, Workload>> = WORKLOADS_BY_NAME

export const ticketIdOf = (index: number) => `ticket-${String(index).padStart(8, '0')}`
export const ticketIndexOf = (ticketId: string) => Number(ticketId.slice('ticket-'.length))
export const configurationName = (number: number) => `bench-${number}`

export function ruleSetBodyOf(name: WorkloadName): string {
  const { shape, more } = WORKLOADS[name]
  return ruleSetBody(name, shape, more)
}

export function isBackfill({ backfillEvery }: Workload, index: number): boolean {
  return backfillEvery !== undefined && index % backfillEvery === backfillEvery - 1
}

/** The wave that brings the ticket: 0, 1, 2, … */
export function waveOf({ waves = 1 }: Workload, index: number, count: number): number {
  return Math.floor((index * waves) / count)
}

/** The ticket as matching reads it. */
export function poolTicket(workload: Workload, columns: Columns, index: number, startTimeMs = index): PoolTicket {
  const backfill = isBackfill(workload, index)
  const { first, skill, mode, maps } = columns
  const attributes = {
    skill: { N: skill[index] ?? 0 },
    mode: { S: `mode-${mode[index] ?? 0}` },
    maps: { SL: MAPS.filter((_, bit) => ((maps[index] ?? 0) >> bit) & 1) },
  }
  const latencyMs = latencyOf(columns, index)
  const { teamSize } = workload.shape
  // One player is missing on each team of a game that asks for more.
  const seats = backfill
    ? TEAMS.flatMap((team) => Array<string>(teamSize - 1).fill(team))
    : Array<null>(columns.size[index] ?? 1).fill(null)
  return {
    ticketId: ticketIdOf(first + index),
    backfill: backfill ? { automatic: false, region: null } : null,
    startTimeMs,
    arrival: index,
    players: seats.map((team, seat) => ({ playerId: `player-${first + index}-${seat}`, team, attributes, latencyMs })),
  }
}

/** The same ticket as a StartMatchmaking or StartMatchBackfill request. */
export function startInput(workload: Workload, columns: Columns, index: number) {
  const { ticketId, players } = poolTicket(workload, columns, index)
  return {
    TicketId: ticketId,
    ConfigurationName: configurationName(index % (workload.configurations ?? 1)),
    Players: players.map(({ playerId, attributes, latencyMs, team }) => ({
      PlayerId: playerId,
      PlayerAttributes: attributes,
      LatencyInMs: latencyMs,
      ...(team !== null && { Team: team }),
    })),
  }
}

function latencyOf({ latencyMs }: Columns, index: number): Record<string, number> {
  return Object.fromEntries(REGIONS.map((name, region) => [name, latencyMs[index * REGIONS.length + region] ?? 0]))
}
