import type { Fields } from './fields.ts'
import { readMeasurements } from './measurements.ts'
import { readCollectionReference } from './references.ts'
import { describeType, type Scope } from './resolve-expression.ts'
import type { CollectionRule } from './rule-set.ts'

const OPERATIONS = ['intersection', 'contains', 'reference_intersection_count'] as const

export function readCollection(fields: Fields, name: string, scope: Scope): CollectionRule | null {
  const measurements = readMeasurements(fields, scope, ({ type }) =>
    type.element === 'stringList' || (type.element === 'string' && type.levels > 0)
      ? null
      : `a collection rule needs lists of strings, this is ${describeType(type)}`,
  )
  const operation = fields.requiredOneOf('operation', OPERATIONS)
  const minCount = fields.integer('minCount', 0)
  const maxCount = fields.integer('maxCount', 0)
  if (minCount === undefined && maxCount === undefined) {
    fields.refuse('minCount', 'is missing; a collection rule needs minCount or maxCount')
  }
  const partyAggregation = fields.oneOf('partyAggregation', ['union', 'intersection'])
  if (operation === null) return null
  const base = {
    type: 'collection' as const,
    name,
    operation,
    minCount: minCount ?? null,
    maxCount: maxCount ?? null,
    partyAggregation: partyAggregation ?? ('union' as const),
  }
  if (operation === 'intersection') return measurements && { ...base, measurements, referenceValue: null }
  const node = fields.get('referenceValue')
  if (node === undefined) return fields.refuse('referenceValue', `is missing; operation "${operation}" needs one`)
  const path = fields.pathOf('referenceValue')
  const referenceValue = readCollectionReference({ node, path, fields, scope }, operation)
  return measurements && referenceValue && { ...base, measurements, referenceValue }
}
