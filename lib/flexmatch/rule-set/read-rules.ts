import { parseStatement, StatementError } from './compound-statement.ts'
import { Fields } from './fields.ts'
import { readBatchDistance, readSort } from './read-attribute-rules.ts'
import { readCollection } from './read-collection.ts'
import { readComparison, readDistance } from './read-number-rules.ts'
import type { Scope } from './resolve-expression.ts'
import type { CompoundRule, LatencyRule, Rule, RuleSet } from './rule-set.ts'

const RULE_TYPES = [
  'comparison',
  'distance',
  'batchDistance',
  'collection',
  'latency',
  'absoluteSort',
  'distanceSort',
  'compound',
] as const satisfies Rule['type'][]
const LARGE_TYPES: readonly Rule['type'][] = ['batchDistance', 'latency']

/** What later parts (compounds, expansions) need to know of a rule, broken or not. */
export interface RuleEntry {
  fields: Fields
  name: string | null
  type: Rule['type'] | null
  /** null when the rule is broken. */
  rule: Rule | null
}

/** Reads `rules`. The result has one entry per element of the array, so indexes are those of the document. */
export function readRules(body: Fields, scope: Scope, size: RuleSet['size']): (RuleEntry | null)[] {
  const entries: (RuleEntry | null)[] = []
  const indexByName = new Map<string, number>()
  for (const [index, node] of body.items('rules').entries()) {
    const fields = Fields.of(node, `rules[${index}]`, body.reasons)
    if (fields === null) {
      entries.push(null)
      continue
    }
    const name = fields.requiredString('name')
    const type = fields.requiredOneOf('type', RULE_TYPES)
    if (name !== null && indexByName.has(name)) {
      fields.refuse('name', `another rule is already called ${JSON.stringify(name)}`)
    }
    if (size === 'large' && type !== null && !LARGE_TYPES.includes(type)) {
      fields.refuse('type', `a large match, one of more than 40 players, cannot use ${type} rules`)
    }
    const rule = type === null ? null : readRule(fields, name ?? '', type, { scope, size, entries, indexByName })
    entries.push({ fields, name, type, rule })
    if (name !== null && !indexByName.has(name)) indexByName.set(name, index)
  }
  return entries
}

interface Surroundings {
  scope: Scope
  size: RuleSet['size']
  /** Rules before this one. */
  entries: readonly (RuleEntry | null)[]
  indexByName: ReadonlyMap<string, number>
}

function readRule(fields: Fields, name: string, type: Rule['type'], around: Surroundings): Rule | null {
  switch (type) {
    case 'comparison':
      return readComparison(fields, name, around.scope)
    case 'distance':
      return readDistance(fields, name, around.scope)
    case 'collection':
      return readCollection(fields, name, around.scope)
    case 'batchDistance':
      return readBatchDistance(fields, name, around.scope)
    case 'latency':
      return readLatency(fields, name, around.size)
    case 'absoluteSort':
    case 'distanceSort':
      return readSort(fields, name, type, around.scope)
    case 'compound':
      return readCompound(fields, name, around)
  }
}

function readLatency(fields: Fields, name: string, size: RuleSet['size']): LatencyRule | null {
  const maxLatency = fields.number('maxLatency')
  const maxDistance = fields.number('maxDistance')
  const distanceReference = fields.oneOf('distanceReference', ['min', 'avg'])
  const partyAggregation = fields.oneOf('partyAggregation', ['min', 'max', 'avg'])
  if (maxLatency === undefined && maxDistance === undefined) {
    fields.refuse('maxLatency', 'is missing; a latency rule needs maxLatency or maxDistance')
  }
  if (maxDistance !== undefined && distanceReference === undefined) {
    fields.refuse('distanceReference', 'is missing; maxDistance needs it, "min" or "avg"')
  }
  if (size === 'large') {
    const beyond = ['maxDistance', 'distanceReference'].find((key) => fields.get(key) !== undefined)
    if (beyond !== undefined) fields.refuse(beyond, 'a large match can only use maxLatency')
  }
  return {
    type: 'latency',
    name,
    maxLatency: maxLatency ?? null,
    maxDistance: maxDistance ?? null,
    distanceReference: distanceReference ?? null,
    partyAggregation: partyAggregation ?? 'avg',
  }
}

function readCompound(fields: Fields, name: string, around: Surroundings): CompoundRule | null {
  const text = fields.requiredString('statement')
  if (text === null) return null
  try {
    return { type: 'compound', name, statement: parseStatement(text, (leaf, at) => compoundLeaf(leaf, at, around)) }
  } catch (error) {
    if (!(error instanceof StatementError)) throw error
    return fields.refuse('statement', error.message)
  }
}

function compoundLeaf(leaf: string, at: number, { entries, indexByName }: Surroundings): number {
  const index = indexByName.get(leaf)
  if (index === undefined) {
    throw new StatementError(`no rule called ${JSON.stringify(leaf)} is defined before this one`, at)
  }
  const type = entries[index]?.type
  if (type === 'compound' || type === 'batchDistance' || type === 'absoluteSort' || type === 'distanceSort') {
    throw new StatementError(`${JSON.stringify(leaf)} is of type ${type}, which a compound cannot contain`, at)
  }
  return index
}
