/** Players as requests carry them: what the API's shapes cannot check, and the copy the engine keeps. */
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'
import { Refusal } from './contract.ts'
import type { Member } from './player-shape.ts'
import { type PlayerFacts, PlayerState } from './player-state.ts'
import type { State } from './state.ts'

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
const TYPE_OF_MEMBER = { S: 'string', N: 'number', SL: 'string_list', SDM: 'string_number_map' } as const
const NOT_FINITE = ' has a number that is not finite.'

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
  const declared = membersOf(ruleSet)
  const seen = players.length > 1 ? new Set<string>() : null
  return players.map((player) => {
    const playerId = player.PlayerId
    if (!playerId) throw invalid('Every player must have a PlayerId.')
    if (seen?.has(playerId)) throw invalid(`Player ${playerId} is listed more than once.`)
    seen?.add(playerId)
    if (teams === 'required') {
      if (!player.Team) throw invalid(`Player ${playerId} must have a Team in a backfill request.`)
      if (!ruleSet.teams.some(({ name }) => name === player.Team)) {
        throw invalid(`Player ${playerId}: the rule set has no team ${player.Team}.`)
      }
    }
    const attributes = player.PlayerAttributes ?? null
    if (attributes) checkAttributes(playerId, attributes, declared)
    if (state.options.missingAttribute === 'refuse') refuseMissing(playerId, attributes, ruleSet)
    const team = teams === 'required' ? (player.Team ?? null) : null
    return PlayerState.of({ playerId, attributes, latencyMs: player.LatencyInMs ?? null, team })
  })
}

/** Which member each declared attribute is sent as, worked out once per rule set. */
const known = new WeakMap<RuleSet, ReadonlyMap<string, Member>>()
function membersOf(ruleSet: RuleSet): ReadonlyMap<string, Member> {
  const found = known.get(ruleSet)
  if (found) return found
  const members = new Map(ruleSet.playerAttributes.map(({ name, type }) => [name, MEMBER_OF_TYPE[type]]))
  known.set(ruleSet, members)
  return members
}

function checkAttributes(
  playerId: string,
  given: Record<string, AttributeValue>,
  declared: ReadonlyMap<string, Member>,
): void {
  let count = 0
  for (const _ in given) count++
  if (count > MAX_ATTRIBUTES) {
    throw invalid(`Player ${playerId} has ${count} attributes; at most ${MAX_ATTRIBUTES} are allowed.`)
  }
  for (const name in given) {
    const value = given[name]!
    const member = onlyMember(value)
    const fault = member ? faultOf(value) : ' must have exactly one of S, N, SL, SDM.'
    if (fault !== null) throw invalid(`Attribute ${name} of player ${playerId}${fault}`)
    const expected = declared.get(name)
    if (expected !== undefined && expected !== member) {
      const type = TYPE_OF_MEMBER[expected]
      throw invalid(
        `Attribute ${name} of player ${playerId} is given as ${member}, but the rule set declares it as ${type}.`,
      )
    }
  }
}

/** null when there is none, or several. */
function onlyMember(value: AttributeValue | null): Member | null {
  if (value == null) return null
  const { S, N, SL, SDM } = value
  const count = Number(S != null) + Number(N != null) + Number(SL != null) + Number(SDM != null)
  if (count !== 1) return null
  if (S != null) return 'S'
  if (N != null) return 'N'
  return SL != null ? 'SL' : 'SDM'
}

function faultOf({ N, SL, SDM }: AttributeValue): string | null {
  if (N != null && !Number.isFinite(N)) return NOT_FINITE
  if (SL != null && SL.length > MAX_LIST_STRINGS) {
    return ` has ${SL.length} strings; at most ${MAX_LIST_STRINGS} are allowed.`
  }
  if (SDM == null) return null
  const numbers = Object.values(SDM)
  if (!numbers.every(Number.isFinite)) return NOT_FINITE
  return numbers.length > MAX_MAP_PAIRS ? ` has ${numbers.length} pairs; at most ${MAX_MAP_PAIRS} are allowed.` : null
}

function refuseMissing(playerId: string, attributes: PlayerFacts['attributes'], ruleSet: RuleSet): void {
  for (const { name, default: fallback } of ruleSet.playerAttributes) {
    if (fallback !== undefined) continue
    if (attributes && Object.hasOwn(attributes, name)) continue
    throw invalid(`Player ${playerId} lacks attribute ${name}, which the rule set declares without a default.`)
  }
}

/** A player as DescribeMatchmaking shows it. */
export function playerView(player: PlayerState): Record<string, unknown> {
  const { playerId, attributes, latencyMs, team } = player
  if (attributes) {
    for (const name in attributes) {
      const value = attributes[name]!
      // The list is shared among players.
      if (value.SL) value.SL = value.SL.slice()
    }
  }
  // As most are: made in one piece.
  if (attributes && latencyMs && team === null) {
    return { PlayerId: playerId, PlayerAttributes: attributes, LatencyInMs: latencyMs }
  }
  const view: Record<string, unknown> = { PlayerId: playerId }
  if (attributes) view.PlayerAttributes = attributes
  if (team !== null) view.Team = team
  if (latencyMs) view.LatencyInMs = latencyMs
  return view
}
