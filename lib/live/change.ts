/** What changed, as a hint: the value itself comes through the queries. Small enough for NOTIFY and merged on the way. */

export interface LiveChange {
  environment: string
  /** Ids of the tickets that changed, or that there were too many to name. */
  tickets: string[] | 'many'
  matches: string[] | 'many'
  /** ARNs of game sessions. */
  sessions: string[] | 'many'
  /** True when the demo switch was moved. */
  demo: boolean
  /** True when an environment was added, edited, removed, or its GameLift went away or came back. */
  environments: boolean
}

/** In place of an environment's name: what concerns every page, whichever environment it shows. */
export const EVERY_ENVIRONMENT = '*'

/** Beyond this a list of ids helps nobody: whoever listens refetches. */
const MAX_NAMED = 100

export function mergeChanges(a: LiveChange, b: LiveChange): LiveChange {
  return {
    environment: a.environment,
    tickets: mergeIds(a.tickets, b.tickets),
    matches: mergeIds(a.matches, b.matches),
    sessions: mergeIds(a.sessions, b.sessions),
    demo: a.demo || b.demo,
    environments: a.environments || b.environments,
  }
}

/** Everything may have changed: after a gap in which hints were missed. */
export function everythingChanged(environment: string): LiveChange {
  return { environment, tickets: 'many', matches: 'many', sessions: 'many', demo: true, environments: true }
}

/** A NOTIFY payload; null when it is not one of ours. Lists that are left out are empty, `many` stands for all. */
export function parseChange(payload: string): LiveChange | null {
  let given: unknown
  try {
    given = JSON.parse(payload)
  } catch {
    return null
  }
  if (given === null || typeof given !== 'object') return null
  const { environment, many, tickets, matches, sessions, demo, environments } = given as Record<string, unknown>
  if (typeof environment !== 'string') return null
  if (many === true) return everythingChanged(environment)
  return {
    environment,
    tickets: ids(tickets),
    matches: ids(matches),
    sessions: ids(sessions),
    demo: demo === true,
    environments: environments === true,
  }
}

function ids(given: unknown): string[] | 'many' {
  if (given === undefined || given === null || given === false) return []
  if (!Array.isArray(given) || given.length > MAX_NAMED) return 'many'
  return given.filter((id) => typeof id === 'string')
}

function mergeIds(a: string[] | 'many', b: string[] | 'many'): string[] | 'many' {
  if (a === 'many' || b === 'many') return 'many'
  const merged = [...new Set([...a, ...b])]
  return merged.length > MAX_NAMED ? 'many' : merged
}
