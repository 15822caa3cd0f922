import { describe, Fields } from './fields.ts'
import type { Algorithm, PlayerAttribute, RuleSet } from './rule-set.ts'

const STRATEGIES = ['exhaustiveSearch', 'balanced'] as const
const BATCHING = {
  exhaustiveSearch: ['random', 'sorted'],
  balanced: ['largestPopulation', 'fastestRegion'],
} as const

/** Reads `algorithm` and fills in defaults. */
export function readAlgorithm(
  body: Fields,
  attributes: ReadonlyMap<string, PlayerAttribute>,
  size: RuleSet['size'],
): Algorithm {
  const node = body.get('algorithm')
  const fields = node === undefined ? null : Fields.of(node, 'algorithm', body.reasons)
  const givenStrategy = fields?.oneOf('strategy', STRATEGIES)
  const strategy = givenStrategy ?? 'exhaustiveSearch'
  if (size === 'large' && strategy !== 'balanced' && givenStrategy !== null) {
    const message = 'must be "balanced" for a large match, one of more than 40 players'
    if (fields === null) body.reasons.add('algorithm.strategy', message, node ?? body.node)
    else fields.refuse('strategy', message)
  }
  if (fields === null) return { ...DEFAULTS, strategy, batchingPreference: BATCHING[strategy][0] }
  const batchingPreference = fields.oneOf<Algorithm['batchingPreference']>('batchingPreference', BATCHING[strategy])
  return {
    strategy,
    batchingPreference: batchingPreference ?? BATCHING[strategy][0],
    balancedAttribute: balancedAttribute(fields, strategy, attributes),
    sortByAttributes: sortByAttributes(fields, batchingPreference === 'sorted', attributes),
    backfillPriority: fields.oneOf('backfillPriority', ['normal', 'high', 'low']) ?? 'normal',
    expansionAgeSelection: fields.oneOf('expansionAgeSelection', ['newest', 'oldest']) ?? 'newest',
  }
}

const DEFAULTS = {
  balancedAttribute: null,
  sortByAttributes: [],
  backfillPriority: 'normal',
  expansionAgeSelection: 'newest',
} as const

function balancedAttribute(
  fields: Fields,
  strategy: Algorithm['strategy'],
  attributes: ReadonlyMap<string, PlayerAttribute>,
): string | null {
  const node = fields.get('balancedAttribute')
  if (node === undefined) {
    if (strategy === 'balanced') fields.refuse('balancedAttribute', 'is missing; strategy "balanced" needs it')
    return null
  }
  if (node.kind !== 'string') {
    return fields.refuse('balancedAttribute', `must be the name of an attribute, is ${describe(node)}`)
  }
  const type = attributes.get(node.value)?.type
  if (type === 'number') return node.value
  const name = JSON.stringify(node.value)
  return type === undefined
    ? fields.refuse('balancedAttribute', `playerAttributes declares no attribute ${name}`)
    : fields.refuse('balancedAttribute', `must be a number attribute; ${name} is a ${type}`)
}

function sortByAttributes(
  fields: Fields,
  required: boolean,
  attributes: ReadonlyMap<string, PlayerAttribute>,
): string[] {
  const items = fields.items('sortByAttributes')
  if (required && items.length === 0) {
    fields.refuse('sortByAttributes', 'is missing; batchingPreference "sorted" needs at least one attribute')
  }
  const names: string[] = []
  for (const [index, item] of items.entries()) {
    const path = `algorithm.sortByAttributes[${index}]`
    if (item.kind !== 'string') {
      fields.reasons.add(path, `must be the name of an attribute, is ${describe(item)}`, item)
      continue
    }
    const type = attributes.get(item.value)?.type
    const name = JSON.stringify(item.value)
    if (type === undefined) fields.reasons.add(path, `playerAttributes declares no attribute ${name}`, item)
    else if (type !== 'number' && type !== 'string') {
      fields.reasons.add(path, `must be a number or string attribute; ${name} is a ${type}`, item)
    } else names.push(item.value)
  }
  return names
}
