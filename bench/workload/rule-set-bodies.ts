/** The workloads' rule sets: their shape, as the anchors know it, and the same in the FlexMatch rule language. */

export interface Shape {
  teamSize: number
  /** Largest minus smallest skill in a match. */
  maxSpread: number
  maxLatencyMs: number
  /** How far a team's average may be from the average of all. */
  maxImbalance: number
  /** One game mode, and a map that all would play. */
  sameModeAndMap: boolean
}

export const TEAMS = ['red', 'blue'] as const

export function ruleSetBody(name: string, shape: Shape, more: Record<string, unknown> = {}): string {
  const { teamSize, maxSpread, maxLatencyMs, maxImbalance, sameModeAndMap } = shape
  const everybody = (attribute: string) => `flatten(teams[*].players.attributes[${attribute}])`
  const rules: Record<string, unknown>[] = [
    { name: 'CloseSkill', type: 'batchDistance', batchAttribute: 'skill', maxDistance: maxSpread },
    { name: 'NearRegion', type: 'latency', maxLatency: maxLatencyMs },
  ]
  if (maxImbalance < Infinity) {
    rules.push({
      name: 'EvenTeams',
      type: 'distance',
      measurements: ['avg(teams[*].players.attributes[skill])'],
      referenceValue: `avg(${everybody('skill')})`,
      maxDistance: maxImbalance,
    })
  }
  if (sameModeAndMap) {
    const maps = [everybody('maps')]
    rules.push(
      { name: 'SameMode', type: 'comparison', operation: '=', measurements: [everybody('mode')] },
      { name: 'CommonMap', type: 'collection', operation: 'intersection', measurements: maps, minCount: 1 },
    )
  }
  return JSON.stringify({
    name,
    ruleLanguageVersion: '1.0',
    playerAttributes: [
      { name: 'skill', type: 'number' },
      { name: 'mode', type: 'string' },
      { name: 'maps', type: 'string_list' },
    ],
    teams: TEAMS.map((team) => ({ name: team, minPlayers: teamSize, maxPlayers: teamSize })),
    rules,
    ...more,
  })
}

/** The skill rule gets wider with the age of a match. */
export function widening(steps: Record<number, number>): Record<string, unknown> {
  return {
    expansions: [
      {
        target: 'rules[CloseSkill].maxDistance',
        steps: Object.entries(steps).map(([waitTimeSeconds, value]) => ({
          waitTimeSeconds: Number(waitTimeSeconds),
          value,
        })),
      },
    ],
  }
}

/** A large match: two teams of 100, balanced by skill. */
export const BALANCED = {
  algorithm: { strategy: 'balanced', balancedAttribute: 'skill', batchingPreference: 'largestPopulation' },
}
