/**
 * The emulated fleets: those a queue names as destinations, else one default fleet. Each can start a session at every
 * location, on this machine.
 */
import { namedUuid } from './ids.ts'
import type { PlayerState } from './player-state.ts'
import type { GameSessionState, QueueState, State } from './state.ts'

/** Every session runs here. */
export const IP_ADDRESS = '127.0.0.1'
export const PLAYER_GATEWAY_STATUS = 'DISABLED'
/** A player may report a latency to anywhere; a location is part of ARNs and host names. */
const LOCATION_NAME = /^[A-Za-z0-9-]{1,64}$/
const FIRST_PORT = 20_000
const PORTS = 40_000

export interface Fleet {
  fleetId: string
  fleetArn: string
  region: string
}

export function defaultFleet(state: State): Fleet {
  const { seed, region } = state.options
  const fleetId = `fleet-${namedUuid(seed, 'default fleet')}`
  return { fleetId, fleetArn: fleetArn(region, fleetId), region }
}

function fleetArn(region: string, fleetId: string): string {
  return `arn:aws:gamelift:${region}::fleet/${fleetId}`
}

/** The fleet behind an alias: emulated, one per alias. */
export function fleetOfAlias(state: State, aliasId: string): Fleet {
  const { seed, region } = state.options
  const fleetId = `fleet-${namedUuid(seed, aliasId)}`
  return { fleetId, fleetArn: fleetArn(region, fleetId), region }
}

export function fleetsOfQueue(state: State, queue: QueueState): Fleet[] {
  const fleets = queue.destinationArns.map((arn): Fleet => {
    const region = arn.split(':')[3] || state.options.region
    const id = arn.slice(arn.lastIndexOf('/') + 1)
    if (arn.includes(':alias/')) return { ...fleetOfAlias(state, id), region }
    return { fleetId: id, fleetArn: arn, region }
  })
  return fleets.length > 0 ? fleets : [defaultFleet(state)]
}

export function homeRegion(session: GameSessionState): string {
  return session.arn.split(':')[3]!
}

export function nextPort(state: State): number {
  const port = FIRST_PORT + (state.counters.port % PORTS)
  state.counters.port++
  return port
}

export interface Site {
  fleet: Fleet
  location: string
}

/**
 * Where the queue starts the session of these players: only at locations they report, when they report any. By the
 * queue's own priorities, then lowest average latency, order of destinations, the queue's order of locations, their names. Null when the queue
 * allows none of them, or none can be the name of a location.
 */
export function chooseSite(state: State, queue: QueueState, players: PlayerState[]): Site | null {
  const fleets = fleetsOfQueue(state, queue)
  const latencies = averageLatencies(players)
  const reported = latencies.size > 0 ? [...latencies.keys()] : null
  const locations = (reported ?? queue.allowedLocations ?? [...new Set(fleets.map(({ region }) => region))]).filter(
    (location) => LOCATION_NAME.test(location) && (queue.allowedLocations?.includes(location) ?? true),
  )
  const candidates = locations.map((location) => {
    const home = fleets.findIndex(({ region }) => region === location)
    const preferred = queue.locationOrder?.indexOf(location) ?? -1
    return {
      site: { location, fleet: fleets[Math.max(home, 0)]! },
      rank: {
        LATENCY: latencies.get(location) ?? 0,
        COST: 0,
        DESTINATION: home < 0 ? fleets.length : home,
        LOCATION: preferred < 0 ? (queue.locationOrder?.length ?? 0) : preferred,
      },
    }
  })
  const order = [
    ...(queue.priorityOrder ?? []),
    'LATENCY',
    'COST',
    'DESTINATION',
    'LOCATION',
  ] as (keyof (typeof candidates)[0]['rank'])[]
  candidates.sort((a, b) => {
    for (const key of order) if (a.rank[key] !== b.rank[key]) return a.rank[key] - b.rank[key]
    return a.site.location < b.site.location ? -1 : 1
  })
  return candidates[0]?.site ?? null
}

/** By location: of those that every player with latency data reports; if there is none, of all that anyone reports. */
function averageLatencies(players: PlayerState[]): Map<string, number> {
  const reporting = players.flatMap(({ latencyMs }) =>
    latencyMs && Object.keys(latencyMs).length > 0 ? [Object.entries(latencyMs)] : [],
  )
  const sums = new Map<string, { total: number; count: number }>()
  for (const [location, latencyMs] of reporting.flat()) {
    const sum = sums.get(location) ?? { total: 0, count: 0 }
    sums.set(location, { total: sum.total + latencyMs, count: sum.count + 1 })
  }
  const common = [...sums].filter(([, { count }]) => count === reporting.length)
  const usable = common.length > 0 ? common : [...sums]
  return new Map(usable.map(([location, { total, count }]) => [location, total / count]))
}
