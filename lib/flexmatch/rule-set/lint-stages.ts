/** What expansions make of rules and teams as a match grows older. */
import type { Range } from './lint-ranges.ts'
import type { Expansion, Rule, RuleSet } from './rule-set.ts'

/** The rule set without the steps that no match lives to see. Indexes of expansions and of the steps left stay as they are. */
export function withinTimeout(ruleSet: RuleSet, requestTimeoutSeconds: number | undefined): RuleSet {
  if (requestTimeoutSeconds === undefined) return ruleSet
  const inTime = (step: { waitTimeSeconds: number }) => step.waitTimeSeconds < requestTimeoutSeconds
  const expansions = ruleSet.expansions.map(
    (expansion) => ({ ...expansion, steps: expansion.steps.filter(inTime) }) as Expansion, // the kind keeps its steps
  )
  return { ...ruleSet, expansions }
}

/** A step of an expansion and where the body has it. */
export interface PlacedStep<Value> {
  atSeconds: number
  value: Value
  path: string
}

export function placedSteps<Value>(
  steps: readonly { waitTimeSeconds: number; value: Value }[],
  expansion: number,
): PlacedStep<Value>[] {
  return steps.map(({ waitTimeSeconds, value }, step) => ({
    atSeconds: waitTimeSeconds,
    value,
    path: `expansions[${expansion}].steps[${step}].value`,
  }))
}

/** A rule as it stands from some age on; `changedBy` is empty for the rule as written. */
export interface RuleStage {
  atSeconds: number
  rule: Rule
  changedBy: readonly string[]
}

/** For every rule its stages in order of age; the first is the rule as written. */
export function ruleStages({ rules, expansions }: RuleSet): RuleStage[][] {
  const changes = rules.map((): (PlacedStep<unknown> & { property: string })[] => [])
  for (const [index, expansion] of expansions.entries()) {
    if (expansion.kind === 'team') continue
    const { rule, property } = expansion
    for (const step of placedSteps<unknown>(expansion.steps, index)) changes[rule]?.push({ ...step, property })
  }
  return rules.map((rule, index) => {
    const stages: RuleStage[] = [{ atSeconds: 0, rule, changedBy: [] }]
    let present = rule
    for (const { atSeconds, steps } of byTime(changes[index] ?? [])) {
      for (const { property, value } of steps) present = { ...present, [property]: value } as Rule
      stages.push({ atSeconds, rule: present, changedBy: steps.map(({ path }) => path) })
    }
    return stages
  })
}

/** The sizes of all teams as they stand from some age on. `sizes` is reused: read it before asking for the next stage. */
export interface TeamStage {
  atSeconds: number
  sizes: readonly Range[]
  changed: readonly { team: number; path: string }[]
}

export function* teamStages({ teams, expansions }: RuleSet): Generator<TeamStage> {
  const sizes = teams.map(({ minPlayers, maxPlayers }) => ({ low: minPlayers, high: maxPlayers }))
  yield { atSeconds: 0, sizes, changed: [] }
  const changes = expansions.flatMap((expansion, index) =>
    expansion.kind === 'team' ? placedSteps(expansion.steps, index).map((step) => ({ ...step, expansion })) : [],
  )
  for (const { atSeconds, steps } of byTime(changes)) {
    for (const { expansion, value } of steps) {
      for (const team of expansion.teams) {
        const size = sizes[team]
        if (size) size[expansion.property === 'minPlayers' ? 'low' : 'high'] = value
      }
    }
    yield {
      atSeconds,
      sizes,
      changed: steps.flatMap(({ expansion, path }) => expansion.teams.map((team) => ({ team, path }))),
    }
  }
}

/** For every team the fewest and the most players it ever asks for. */
export function teamSizesEver({ teams, expansions }: RuleSet): Range[] {
  const ever = teams.map(({ minPlayers, maxPlayers }) => ({ low: minPlayers, high: maxPlayers }))
  for (const expansion of expansions) {
    if (expansion.kind !== 'team') continue
    for (const { value } of expansion.steps) {
      for (const team of expansion.teams) {
        const size = ever[team]
        if (size && expansion.property === 'minPlayers') size.low = Math.min(size.low, value)
        else if (size) size.high = Math.max(size.high, value)
      }
    }
  }
  return ever
}

function byTime<Step extends { atSeconds: number }>(changes: readonly Step[]): { atSeconds: number; steps: Step[] }[] {
  const times = new Map<number, Step[]>()
  for (const change of changes) {
    const together = times.get(change.atSeconds)
    if (together) together.push(change)
    else times.set(change.atSeconds, [change])
  }
  return [...times].map(([atSeconds, steps]) => ({ atSeconds, steps })).toSorted((a, b) => a.atSeconds - b.atSeconds)
}
