import { Fields } from './fields.ts'
import type { Scope } from './resolve-expression.ts'
import type { Team } from './rule-set.ts'

export const MAX_SMALL_PLAYERS = 40
export const MAX_PLAYERS = 200

export interface TeamsRead {
  teams: Team[]
  names: Scope['teams']
  /** Sum of maxPlayers × quantity as written. */
  totalPlayers: number
}

/** Reads `teams` and expands `quantity`. */
export function readTeams(body: Fields): TeamsRead {
  const teams: Team[] = []
  const names = new Map<string, { indexes: number[]; many: boolean }>()
  let totalPlayers = 0
  const nodes = body.items('teams')
  if (body.get('teams') === undefined) body.refuse('teams', 'is missing; a rule set needs at least one team')
  else if (nodes.length === 0 && body.get('teams')?.kind === 'array')
    body.refuse('teams', 'must have at least one team')
  for (const [index, node] of nodes.entries()) {
    const fields = Fields.of(node, `teams[${index}]`, body.reasons)
    if (fields === null) continue
    const name = fields.requiredString('name')
    const minPlayers = fields.requiredInteger('minPlayers', 0)
    const maxPlayers = fields.requiredInteger('maxPlayers', 1)
    const quantity = fields.integer('quantity', 1)
    if (minPlayers !== null && maxPlayers !== null && minPlayers > maxPlayers) {
      fields.refuse('minPlayers', `is ${minPlayers}, more than maxPlayers, which is ${maxPlayers}`)
    }
    totalPlayers += (maxPlayers ?? 1) * (quantity ?? 1)
    if (name === null) continue
    const copies = quantity ?? 1
    // Refused below for its size; expanding hostile quantities would only cost memory and time.
    if (teams.length + copies > MAX_PLAYERS) {
      if (!names.has(name)) names.set(name, { indexes: [], many: true })
      continue
    }
    const expanded = copies === 1 ? [name] : Array.from({ length: copies }, (_, copy) => `${name}_${copy + 1}`)
    const taken = [...new Set([name, ...expanded])].filter((one) => names.has(one))
    if (taken.length > 0) {
      fields.refuse('name', `another team is already called ${taken.map((one) => JSON.stringify(one)).join(', ')}`)
      continue
    }
    const indexes = expanded.map((_, copy) => teams.length + copy)
    names.set(name, { indexes, many: copies > 1 })
    for (const one of expanded) {
      if (copies > 1) names.set(one, { indexes: [teams.length], many: false })
      teams.push({ name: one, baseName: name, minPlayers: minPlayers ?? 0, maxPlayers: maxPlayers ?? 1 })
    }
  }
  if (totalPlayers > MAX_PLAYERS) {
    body.refuse('teams', `allow ${totalPlayers} players together; a match can have at most ${MAX_PLAYERS}`)
  }
  return { teams, names, totalPlayers }
}
