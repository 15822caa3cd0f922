import { describe, Fields } from './fields.ts'
import type { JsonNode } from './json-reader.ts'
import { numberOrNumericText } from './read-attribute-rules.ts'
import { comparedElement } from './read-number-rules.ts'
import type { RuleEntry } from './read-rules.ts'
import { readCollectionReference, readComparisonReference, readNumberReference } from './references.ts'
import type { Scope } from './resolve-expression.ts'
import type { Expansion, ExpansionStep, NumberProperty, Reference, Rule, RuleSet } from './rule-set.ts'

const RULE_TARGET = /^\s*rules\s*\[(.*)\]\s*\.\s*(\w+)\s*$/s
const TEAM_TARGET = /^\s*teams\s*\[(.*)\]\s*\.\s*(\w+)\s*$/s

/** Which properties of a rule an expansion can change. */
const EXPANDABLE: Readonly<Record<Rule['type'], readonly string[]>> = {
  comparison: ['referenceValue'],
  distance: ['referenceValue', 'minDistance', 'maxDistance'],
  batchDistance: ['maxDistance'],
  collection: ['referenceValue', 'minCount', 'maxCount'],
  latency: ['maxLatency', 'maxDistance'],
  absoluteSort: [],
  distanceSort: [],
  compound: [],
}

interface Surroundings {
  scope: Scope
  size: RuleSet['size']
  rules: readonly (RuleEntry | null)[]
  /** What earlier expansions already change: `teams[0].minPlayers`, `rules[1].maxDistance`. */
  taken: Set<string>
}

/** Reads `expansions`. */
export function readExpansions(body: Fields, around: Omit<Surroundings, 'taken'>): Expansion[] {
  const taken = new Set<string>()
  const expansions: Expansion[] = []
  for (const [index, node] of body.items('expansions').entries()) {
    const fields = Fields.of(node, `expansions[${index}]`, body.reasons)
    const expansion = fields && readExpansion(fields, { ...around, taken })
    if (expansion) expansions.push(expansion)
  }
  return expansions
}

function readExpansion(fields: Fields, around: Surroundings): Expansion | null {
  const target = fields.requiredString('target')
  const steps = readSteps(fields)
  if (target === null) return null
  const ruleTarget = RULE_TARGET.exec(target)
  if (ruleTarget) return ruleExpansion(fields, ruleTarget[1] ?? '', ruleTarget[2] ?? '', steps, around)
  const teamTarget = TEAM_TARGET.exec(target)
  if (teamTarget) return teamExpansion(fields, teamTarget[1] ?? '', teamTarget[2] ?? '', steps, around)
  return fields.refuse('target', 'must be rules[name].property or teams[name].minPlayers or teams[name].maxPlayers')
}

function teamExpansion(
  fields: Fields,
  names: string,
  property: string,
  steps: Step[] | null,
  { scope, taken }: Surroundings,
): Expansion | null {
  if (property !== 'minPlayers' && property !== 'maxPlayers') {
    return fields.refuse('target', `of a team only minPlayers and maxPlayers can be expanded, not ${property}`)
  }
  const teams = new Set<number>()
  for (const name of names.split(',').map((one) => one.trim())) {
    const named = scope.teams.get(name)
    if (named === undefined) return fields.refuse('target', `there is no team ${JSON.stringify(name)}`)
    for (const team of named.indexes) teams.add(team)
  }
  for (const team of teams) claim(fields, `teams[${team}].${property}`, taken)
  const minimum = property === 'maxPlayers' ? 1 : 0
  const values =
    steps && readValues(fields, steps, (node) => countValue(node, minimum), `an integer of at least ${minimum}`)
  return values && { kind: 'team', teams: [...teams], property, steps: values }
}

function ruleExpansion(
  fields: Fields,
  name: string,
  property: string,
  steps: Step[] | null,
  around: Surroundings,
): Expansion | null {
  const index = around.rules.findIndex((entry) => entry?.name === name.trim() || entry?.name === name)
  const entry = around.rules[index]
  if (!entry) return fields.refuse('target', `there is no rule ${JSON.stringify(name.trim())}`)
  if (entry.type === null) return null
  if (entry.type === 'compound') {
    return fields.refuse('target', 'a compound rule cannot be expanded; its leaves can')
  }
  if (!EXPANDABLE[entry.type].includes(property)) {
    return fields.refuse('target', `${JSON.stringify(property)} of a ${entry.type} rule cannot be expanded`)
  }
  claim(fields, `rules[${index}].${property}`, around.taken)
  if (entry.rule === null || steps === null) return null
  const { rule } = entry
  if (property === 'referenceValue') {
    const values = readReferences(fields, steps, rule, around.scope)
    return values && { kind: 'ruleReference', rule: index, property, steps: values }
  }
  if (rule.type === 'latency' && property === 'maxDistance') {
    if (around.size === 'large') return fields.refuse('target', 'a large match can only use maxLatency')
    if (rule.distanceReference === null) return fields.refuse('target', 'the rule has no distanceReference')
  }
  const counts = property === 'minCount' || property === 'maxCount'
  const read = counts
    ? (node: JsonNode) => countValue(node, 0)
    : rule.type === 'batchDistance'
      ? numberOrNumericText
      : numberValue
  const values = readValues(fields, steps, read, counts ? 'an integer of at least 0' : 'a number')
  return values && { kind: 'ruleNumber', rule: index, property: property as NumberProperty, steps: values }
}

function claim(fields: Fields, target: string, taken: Set<string>): void {
  if (taken.has(target)) fields.refuse('target', 'another expansion already has this target')
  taken.add(target)
}

interface Step {
  waitTimeSeconds: number
  value: JsonNode
  path: string
}

function readSteps(fields: Fields): Step[] | null {
  const node = fields.get('steps')
  if (node === undefined) return fields.refuse('steps', 'is missing')
  const items = fields.items('steps')
  if (node.kind === 'array' && items.length === 0) return fields.refuse('steps', 'must have at least one step')
  const steps: Step[] = []
  let previous = 0
  for (const [index, item] of items.entries()) {
    const path = fields.pathOf(`steps[${index}]`)
    const step = Fields.of(item, path, fields.reasons)
    if (step === null) continue
    const waitTimeSeconds = step.requiredInteger('waitTimeSeconds', 1)
    const value = step.get('value')
    if (value === undefined) step.refuse('value', 'is missing')
    if (waitTimeSeconds === null) continue
    if (waitTimeSeconds <= previous) {
      step.refuse('waitTimeSeconds', `must be more than the step before, ${previous}; is ${waitTimeSeconds}`)
    }
    previous = waitTimeSeconds
    if (value !== undefined) steps.push({ waitTimeSeconds, value, path: `${path}.value` })
  }
  return node.kind === 'array' && steps.length === items.length ? steps : null
}

function readValues(
  fields: Fields,
  steps: Step[],
  read: (node: JsonNode) => number | null,
  expected: string,
): ExpansionStep<number>[] | null {
  const values: ExpansionStep<number>[] = []
  for (const { waitTimeSeconds, value: node, path } of steps) {
    const value = read(node)
    if (value === null) fields.reasons.add(path, `must be ${expected}, is ${describe(node)}`, node)
    else values.push({ waitTimeSeconds, value })
  }
  return values.length === steps.length ? values : null
}

function readReferences(fields: Fields, steps: Step[], rule: Rule, scope: Scope): ExpansionStep<Reference>[] | null {
  const values: ExpansionStep<Reference>[] = []
  for (const { waitTimeSeconds, value: node, path } of steps) {
    const where = { node, path, fields, scope }
    const value = readReference(where, rule)
    if (value !== null) values.push({ waitTimeSeconds, value })
  }
  return values.length === steps.length ? values : null
}

function readReference(where: Parameters<typeof readNumberReference>[0], rule: Rule): Reference | null {
  switch (rule.type) {
    case 'comparison':
      return readComparisonReference(where, comparedElement(rule.measurements) ?? 'number')
    case 'distance':
      return readNumberReference(where)
    case 'collection':
      return readCollectionReference(where, rule.operation)
    default:
      return null
  }
}

function numberValue(node: JsonNode): number | null {
  return node.kind === 'number' && Number.isFinite(node.value) ? node.value : null
}

function countValue(node: JsonNode, minimum: number): number | null {
  const value = numberValue(node)
  return value !== null && Number.isSafeInteger(value) && value >= minimum ? value : null
}
