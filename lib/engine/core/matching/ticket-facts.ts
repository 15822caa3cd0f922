/** What matching needs to know of one ticket, worked out once: values per column with party aggregation applied. */
import type { EngineOptions, WaitingPlayer, WaitingTicket } from '#lib/engine/core/contract.ts'
import { PlayerState } from '#lib/engine/core/player-state.ts'
import type { PlayerAttribute, Team } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'
import type { Column } from './columns.ts'
import { type LatencyColumn, type RegionLatencies, ticketLatencies } from './latency.ts'

export type SortMap = ReadonlyMap<string, number>
/** A player's value. Rules read numbers, strings and lists; only sort rules read maps. */
export type PlayerValue = number | string | readonly string[] | SortMap
export interface ColumnValues {
  /** One per player, or one per ticket under partyValueWeight `ticket`. */
  values: readonly PlayerValue[]
  /** Of a number column; min is Infinity and max -Infinity when there are no values. */
  sum: number
  min: number
  max: number
}

/** The players of one ticket that stand on one team. A new ticket has one group, a backfill ticket one per team. */
export interface Group {
  /** Index of the team; null while it can be any. */
  team: number | null
  size: number
  playerIds: readonly string[]
  columns: readonly ColumnValues[]
  /** Several players who joined together; players of a backfill ticket are separate people. */
  isParty: boolean
}

export interface TicketFacts {
  ticketId: string
  startTimeMs: number
  /** Of a backfill ticket, the team of each player; null for a new one. */
  teams: readonly string[] | null
  size: number
  isBackfill: boolean
  groups: readonly Group[]
  /** Per column, over all players of the ticket. */
  columns: readonly ColumnValues[]
  /** Per latency rule; null when the ticket has no usable region. */
  latencies: readonly (RegionLatencies | null)[]
  /** Why the ticket can never be in a match, whatever its age; null when it can. */
  unmatchable: string | null
}

export interface FactsPlan {
  attributes: readonly PlayerAttribute[]
  teams: readonly Team[]
  columns: readonly Column[]
  latencyColumns: readonly LatencyColumn[]
  partyValueWeight: EngineOptions['partyValueWeight']
}

/** `latencies` false: without them, for who takes what it needs of them from the ticket itself. */
export function ticketFacts(ticket: WaitingTicket, plan: FactsPlan, { latencies } = { latencies: true }): TicketFacts {
  const { ticketId, startTimeMs, players } = ticket
  const isBackfill = ticket.backfill !== null
  const facts: TicketFacts = {
    ticketId,
    startTimeMs,
    teams: isBackfill ? players.map(({ team }) => team ?? '') : null,
    size: players.length,
    isBackfill,
    groups: [],
    columns: [],
    latencies: [],
    unmatchable: missingValue(ticket, plan.attributes),
  }
  if (facts.unmatchable !== null) return facts
  if (!isBackfill && players.length === 1) {
    const [player] = players as [WaitingPlayer]
    facts.columns = soloColumns(player, plan)
    facts.groups = [{ team: null, size: 1, playerIds: [player.playerId], isParty: false, columns: facts.columns }]
  } else if (!isBackfill) {
    const whole = groupOf(players, null, true, plan)
    facts.groups = [whole]
    facts.columns = whole.columns
  } else {
    const byTeam = Map.groupBy(players, (player) => plan.teams.findIndex(({ name }) => name === player.team))
    if (byTeam.has(-1)) {
      facts.unmatchable = 'a player of the backfill ticket is on no team of the rule set'
      return facts
    }
    const groups = Array.from(byTeam, ([team, members]) => groupOf(members, team, false, plan))
    facts.groups = groups
    facts.columns = plan.columns.map((_, index) => mergedColumn(groups.map((group) => group.columns[index])))
  }
  if (!latencies) return facts
  facts.latencies = plan.latencyColumns.map((column) => ticketLatencies(ticket, column, plan.partyValueWeight))
  const missing = plan.latencyColumns.findIndex(({ enforced }, index) => enforced && facts.latencies[index] === null)
  if (missing >= 0) facts.unmatchable = `no latency for rule ${JSON.stringify(plan.latencyColumns[missing]!.ruleName)}`
  return facts
}

const MEMBER_OF_TYPE = { number: 'N', string: 'S', string_list: 'SL' } as const

/**
 * The value rules see: the player's own, else the declared default; null when the player can never match. A value of
 * another type can only come from a rule set that was exchanged after the ticket was taken: it is as good as missing.
 */
function effectiveValue(player: WaitingPlayer, attribute: PlayerAttribute): PlayerValue | null {
  return sentValue(player, attribute) ?? plainValue(attribute.default, attribute)
}

function sentValue(player: WaitingPlayer, attribute: PlayerAttribute): PlayerValue | null {
  const { name, type } = attribute
  // Its `attributes` would make all of them anew for one of them.
  if (player instanceof PlayerState && type !== 'string_number_map') {
    return player.sent(name, MEMBER_OF_TYPE[type])
  }
  const { attributes } = player
  return attributes !== null && Object.hasOwn(attributes, name) ? plainValue(attributes[name], attribute) : null
}

function plainValue(value: AttributeValue | undefined, attribute: PlayerAttribute): PlayerValue | null {
  if (value === undefined) return null
  switch (attribute.type) {
    case 'number':
      return value.N ?? null
    case 'string':
      return value.S ?? null
    case 'string_list':
      return value.SL ?? null
    case 'string_number_map':
      return value.SDM === undefined ? null : new Map(Object.entries(value.SDM))
  }
}

function missingValue(ticket: WaitingTicket, attributes: readonly PlayerAttribute[]): string | null {
  for (const player of ticket.players) {
    for (const attribute of attributes) {
      if (effectiveValue(player, attribute) === null) {
        return `player ${player.playerId} has no ${attribute.type} value for attribute ${JSON.stringify(attribute.name)}`
      }
    }
  }
  return null
}

/** Of one player, whose values nothing aggregates. */
function soloColumns(player: WaitingPlayer, { columns }: FactsPlan): ColumnValues[] {
  const all: ColumnValues[] = []
  for (const { declared } of columns) {
    const value = effectiveValue(player, declared)!
    if (typeof value === 'number') all.push({ values: [value], sum: value, min: value, max: value })
    else all.push({ values: [value], sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY })
  }
  return all
}

function groupOf(players: readonly WaitingPlayer[], team: number | null, isParty: boolean, plan: FactsPlan): Group {
  return {
    team,
    size: players.length,
    playerIds: players.map(({ playerId }) => playerId),
    isParty,
    columns: plan.columns.map((column) => {
      const own = players.map((player) => effectiveValue(player, column.declared)).filter((value) => value !== null)
      if (!isParty || column.aggregation === 'none') return columnValues(own)
      const aggregate = aggregated(own, column)
      return columnValues(plan.partyValueWeight === 'ticket' ? [aggregate] : own.map(() => aggregate))
    }),
  }
}

function mergedColumn(parts: readonly (ColumnValues | undefined)[]): ColumnValues {
  return columnValues(parts.flatMap((part) => part?.values ?? []))
}

function columnValues(values: readonly PlayerValue[]): ColumnValues {
  let sum = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (typeof value !== 'number') continue
    sum += value
    if (value < min) min = value
    if (value > max) max = value
  }
  return { values, sum, min, max }
}

/** What stands for all players of a party. */
function aggregated(values: readonly PlayerValue[], { type, aggregation }: Column): PlayerValue {
  if (type === 'number') return aggregatedNumber(values as readonly number[], aggregation)
  if (type === 'string_list') {
    const lists = values as readonly (readonly string[])[]
    if (aggregation === 'union') return [...new Set(lists.flat())]
    return [...new Set(lists[0])].filter((value) => lists.every((list) => list.includes(value)))
  }
  const maps = values as readonly SortMap[]
  const keys = new Set(maps.flatMap((map) => [...map.keys()]))
  return new Map(
    [...keys].map((key) => [
      key,
      aggregatedNumber(
        maps.flatMap((map) => map.get(key) ?? []),
        aggregation,
      ),
    ]),
  )
}

export function aggregatedNumber(values: readonly number[], aggregation: Column['aggregation']): number {
  if (aggregation === 'min') return Math.min(...values)
  if (aggregation === 'max') return Math.max(...values)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
