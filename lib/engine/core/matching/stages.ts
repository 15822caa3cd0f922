/**
 * Expansions over time. The ages at which any step falls due cut time into stages: stage 0 before the first, stage n
 * from the n-th on. Within a stage every rule and team size is constant.
 */
import type { NumberProperty, Rule, RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'

export interface TeamSize {
  min: number
  max: number
}

/** The ages, in ms and ascending, at which a step of any expansion falls due. */
export function stageAgesMs({ expansions }: RuleSet): number[] {
  const seconds = new Set(expansions.flatMap(({ steps }) => steps.map(({ waitTimeSeconds }) => waitTimeSeconds)))
  return [...seconds].toSorted((one, other) => one - other).map((second) => second * 1000)
}

/** The stage of an age: how many of the ascending `agesMs` it has reached. */
export function stageOf(ageMs: number, agesMs: readonly number[]): number {
  let low = 0
  let high = agesMs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((agesMs[middle] ?? 0) <= ageMs) low = middle + 1
    else high = middle
  }
  return low
}

/** Rules and team sizes as they are at an age: of every expansion the last step that is due applies. */
export function rulesAt(ruleSet: RuleSet, ageMs: number): { rules: Rule[]; teams: TeamSize[] } {
  const rules = [...ruleSet.rules]
  const teams = ruleSet.teams.map(({ minPlayers, maxPlayers }) => ({ min: minPlayers, max: maxPlayers }))
  for (const expansion of ruleSet.expansions) {
    const due = expansion.steps.findLast(({ waitTimeSeconds }) => waitTimeSeconds * 1000 <= ageMs)
    if (due === undefined) continue
    if (expansion.kind === 'team') {
      for (const index of expansion.teams) {
        const team = teams[index]
        if (team) team[expansion.property === 'minPlayers' ? 'min' : 'max'] = due.value as number
      }
    } else {
      const rule = rules[expansion.rule]
      if (rule) rules[expansion.rule] = { ...rule, [expansion.property]: due.value } as Rule
    }
  }
  return { rules, teams }
}

const LOOSER: Readonly<Record<NumberProperty, (one: number, other: number) => number>> = {
  minDistance: Math.min,
  minCount: Math.min,
  maxDistance: Math.max,
  maxLatency: Math.max,
  maxCount: Math.max,
}

/**
 * A rule that holds wherever `one` or `other` holds: two stages of the same rule, each bound at its looser value. null
 * when they differ in something that has no looser side (a reference value).
 */
export function loosest(one: Rule, other: Rule): Rule | null {
  if (one === other) return one
  const merged: Record<string, unknown> = { ...one }
  const there: Readonly<Record<string, unknown>> = { ...other }
  if (JSON.stringify(merged.referenceValue) !== JSON.stringify(there.referenceValue)) return null
  for (const [property, looser] of Object.entries(LOOSER)) {
    const mine = merged[property]
    const theirs = there[property]
    // An absent bound is no bound, which is the loosest.
    if (typeof mine === 'number') merged[property] = typeof theirs === 'number' ? looser(mine, theirs) : null
  }
  return merged as unknown as Rule
}
