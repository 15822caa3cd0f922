/** Players as requests carry them: what the API's shapes cannot check, and the copy the engine keeps. */
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'
import { Refusal } from './contract.ts'
import type { PlayerState, State } from './state.ts'

export interface PlayerInput {
  PlayerId?: string
  PlayerAttributes?: Record<string, AttributeValue>
  Team?: string
  LatencyInMs?: Record<string, number>
}

const MAX_ATTRIBUTES = 10
const MAX_LIST_STRINGS = 100
const MAX_MAP_PAIRS = 10
const MEMBER_OF_TYPE = { string: 'S', number: 'N', string_list: 'SL', string_number_map: 'SDM' } as const

function invalid(message: string): Refusal {
  return new Refusal('InvalidRequestException', message)
}

/**
 * Checks the players of a request against the limits and the rule set. `teams: 'required'` for backfill; for a new match
 * a given team is not kept. Throws InvalidRequestException.
 */
export function readPlayers(
  state: State,
  ruleSet: RuleSet,
  players: PlayerInput[],
  { teams }: { teams: 'required' | 'ignored' },
): PlayerState[] {
  const seen = new Set<string>()
  const teamNames = new Set(ruleSet.teams.map((team) => team.name))
  return players.map((player) => {
    const playerId = player.PlayerId
    if (!playerId) throw invalid('Every player must have a PlayerId.')
    if (seen.has(playerId)) throw invalid(`Player ${playerId} is listed more than once.`)
    seen.add(playerId)
    if (teams === 'required') {
      if (!player.Team) throw invalid(`Player ${playerId} must have a Team in a backfill request.`)
      if (!teamNames.has(player.Team)) throw invalid(`Player ${playerId}: the rule set has no team ${player.Team}.`)
    }
    const attributes = readAttributes(playerId, player.PlayerAttributes ?? null, ruleSet)
    if (state.options.missingAttribute === 'refuse') refuseMissing(playerId, attributes, ruleSet)
    return {
      playerId,
      attributes,
      latencyMs: player.LatencyInMs ? sortedRecord(player.LatencyInMs, (latencyMs) => latencyMs) : null,
      team: teams === 'required' ? (player.Team ?? null) : null,
    }
  })
}

function readAttributes(playerId: string, given: PlayerInput['PlayerAttributes'] | null, ruleSet: RuleSet) {
  if (!given) return null
  const names = Object.keys(given)
  if (names.length > MAX_ATTRIBUTES) {
    throw invalid(`Player ${playerId} has ${names.length} attributes; at most ${MAX_ATTRIBUTES} are allowed.`)
  }
  const declared = new Map(ruleSet.playerAttributes.map(({ name, type }) => [name, type]))
  for (const name of names) {
    const value = given[name]!
    const members = (['S', 'N', 'SL', 'SDM'] as const).filter((member) => (value?.[member] ?? null) !== null)
    const where = `Attribute ${name} of player ${playerId}`
    if (members.length !== 1) throw invalid(`${where} must have exactly one of S, N, SL, SDM.`)
    checkValue(where, value)
    const type = declared.get(name)
    if (type && MEMBER_OF_TYPE[type] !== members[0]) {
      throw invalid(`${where} is given as ${members[0]}, but the rule set declares it as ${type}.`)
    }
  }
  return sortedRecord(given, copyValue)
}

function checkValue(where: string, value: AttributeValue): void {
  const numbers = [...(value.N == null ? [] : [value.N]), ...Object.values(value.SDM ?? {})]
  if (!numbers.every(Number.isFinite)) throw invalid(`${where} has a number that is not finite.`)
  if ((value.SL?.length ?? 0) > MAX_LIST_STRINGS) {
    throw invalid(`${where} has ${value.SL?.length} strings; at most ${MAX_LIST_STRINGS} are allowed.`)
  }
  const pairs = Object.keys(value.SDM ?? {}).length
  if (pairs > MAX_MAP_PAIRS) throw invalid(`${where} has ${pairs} pairs; at most ${MAX_MAP_PAIRS} are allowed.`)
}

function refuseMissing(playerId: string, attributes: PlayerState['attributes'], ruleSet: RuleSet): void {
  for (const { name, default: fallback } of ruleSet.playerAttributes) {
    if (fallback !== undefined) continue
    if (attributes && Object.hasOwn(attributes, name)) continue
    throw invalid(`Player ${playerId} lacks attribute ${name}, which the rule set declares without a default.`)
  }
}

/** Lists lose repeated strings; -0 becomes 0, as it would on its way through JSON. */
function copyValue(value: AttributeValue): AttributeValue {
  if (value.S != null) return { S: value.S }
  if (value.N != null) return { N: value.N + 0 }
  if (value.SL != null) return { SL: [...new Set(value.SL)] }
  return { SDM: sortedRecord(value.SDM ?? {}, (number) => number + 0) }
}

// Sorted, because a journal may hand the same request back with its keys in another order. fromEntries also keeps a key
// named __proto__ an ordinary key.
function sortedRecord<T, U>(record: Record<string, T>, copy: (value: T) => U): Record<string, U> {
  const keys = Object.keys(record).sort()
  return Object.fromEntries(keys.map((key) => [key, copy(record[key] as T)]))
}

/** A player as DescribeMatchmaking shows it. */
export function playerView(player: PlayerState): Record<string, unknown> {
  return {
    PlayerId: player.playerId,
    ...(player.attributes && { PlayerAttributes: structuredClone(player.attributes) }),
    ...(player.team !== null && { Team: player.team }),
    ...(player.latencyMs && { LatencyInMs: { ...player.latencyMs } }),
  }
}
