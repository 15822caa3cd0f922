/** Seeded tickets and the rule sets they are matched by: the same numbers on every machine and in every process. */
import type { PoolTicket } from '#lib/engine/core/contract.ts'

export const REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-northeast-1'] as const
const MODES = ['deathmatch', 'flag', 'hill'] as const
const MAPS = ['abbey', 'basin', 'canyon', 'delta', 'estuary', 'forge', 'gorge', 'harbor'] as const
const SEED = 20_260_203

/** One single-player ticket per index, the oldest first. */
export interface Columns {
  count: number
  /** Normal around 1500 with a deviation of 300, whole, 0 to 3000. */
  skill: Float64Array
  /** `REGIONS.length` values per ticket: 20 to 60 ms in the home region, 120 to 250 ms in the others. */
  latencyMs: Uint16Array
  /** Index into MODES. */
  mode: Uint8Array
  /** Bit i: would play MAPS[i]. Never 0. */
  maps: Uint8Array
}

export function makeColumns(count: number, seed = SEED): Columns {
  const random = seededRandom(seed)
  const columns: Columns = {
    count,
    skill: new Float64Array(count),
    latencyMs: new Uint16Array(count * REGIONS.length),
    mode: new Uint8Array(count),
    maps: new Uint8Array(count),
  }
  for (let ticket = 0; ticket < count; ticket++) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    columns.skill[ticket] = Math.min(3000, Math.max(0, Math.round(1500 + 300 * normal)))
    const home = Math.floor(random() * REGIONS.length)
    for (let region = 0; region < REGIONS.length; region++) {
      columns.latencyMs[ticket * REGIONS.length + region] = region === home ? 20 + random() * 40 : 120 + random() * 130
    }
    columns.mode[ticket] = Math.floor(random() * MODES.length)
    columns.maps[ticket] = 1 + Math.floor(random() * 255)
  }
  return columns
}

/** Uniform in [0, 1): a 32-bit xorshift, good enough to draw players with. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

export type RuleSetName = '1v1' | '5v5' | '5v5rich' | 'hard'

/** What the anchors know of a rule set. */
export interface Shape {
  teamSize: number
  maxSpread: number
  maxLatencyMs: number
  /** How far a team's average may be from the average of all. */
  maxImbalance: number
  /** One game mode, and a map that all would play. */
  sameModeAndMap: boolean
}

export const SHAPES: Record<RuleSetName, Shape> = {
  '1v1': { teamSize: 1, maxSpread: 50, maxLatencyMs: 100, maxImbalance: Infinity, sameModeAndMap: false },
  '5v5': { teamSize: 5, maxSpread: 100, maxLatencyMs: 100, maxImbalance: 10, sameModeAndMap: false },
  '5v5rich': { teamSize: 5, maxSpread: 200, maxLatencyMs: 100, maxImbalance: 10, sameModeAndMap: true },
  /** Nobody is that near to any region: everybody waits. */
  hard: { teamSize: 1, maxSpread: 50, maxLatencyMs: 1, maxImbalance: Infinity, sameModeAndMap: false },
}

/** The shape in the FlexMatch rule language. */
export function ruleSetBody(name: RuleSetName): string {
  const { teamSize, maxSpread, maxLatencyMs, maxImbalance, sameModeAndMap } = SHAPES[name]
  const everybody = (attribute: string) => `flatten(teams[*].players.attributes[${attribute}])`
  return JSON.stringify({
    name,
    ruleLanguageVersion: '1.0',
    playerAttributes: [
      { name: 'skill', type: 'number' },
      { name: 'mode', type: 'string' },
      { name: 'maps', type: 'string_list' },
    ],
    teams: ['red', 'blue'].map((team) => ({ name: team, minPlayers: teamSize, maxPlayers: teamSize })),
    rules: [
      { name: 'CloseSkill', type: 'batchDistance', batchAttribute: 'skill', maxDistance: maxSpread },
      { name: 'NearRegion', type: 'latency', maxLatency: maxLatencyMs },
      ...(maxImbalance < Infinity
        ? [
            {
              name: 'EvenTeams',
              type: 'distance',
              measurements: ['avg(teams[*].players.attributes[skill])'],
              referenceValue: `avg(${everybody('skill')})`,
              maxDistance: maxImbalance,
            },
          ]
        : []),
      ...(sameModeAndMap
        ? [
            { name: 'SameMode', type: 'comparison', operation: '=', measurements: [everybody('mode')] },
            {
              name: 'CommonMap',
              type: 'collection',
              operation: 'intersection',
              measurements: [everybody('maps')],
              minCount: 1,
            },
          ]
        : []),
    ],
  })
}

export const ticketIdOf = (index: number) => `ticket-${String(index).padStart(8, '0')}`

/** The ticket as matching reads it. */
export function poolTicket(columns: Columns, index: number, startTimeMs = index): PoolTicket {
  const { skill, mode, maps } = columns
  return {
    ticketId: ticketIdOf(index),
    backfill: null,
    startTimeMs,
    arrival: index,
    players: [
      {
        playerId: `player-${index}`,
        team: null,
        attributes: {
          skill: { N: skill[index] ?? 0 },
          mode: { S: MODES[mode[index] ?? 0] ?? '' },
          maps: { SL: MAPS.filter((_, bit) => ((maps[index] ?? 0) >> bit) & 1) },
        },
        latencyMs: latencyOf(columns, index),
      },
    ],
  }
}

/** The same ticket as a StartMatchmaking request. */
export function startInput(columns: Columns, index: number, configuration: string) {
  const { players } = poolTicket(columns, index)
  return {
    TicketId: ticketIdOf(index),
    ConfigurationName: configuration,
    Players: players.map(({ playerId, attributes, latencyMs }) => ({
      PlayerId: playerId,
      PlayerAttributes: attributes,
      LatencyInMs: latencyMs,
    })),
  }
}

function latencyOf({ latencyMs }: Columns, index: number): Record<string, number> {
  return Object.fromEntries(REGIONS.map((name, region) => [name, latencyMs[index * REGIONS.length + region] ?? 0]))
}
