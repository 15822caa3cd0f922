import type { Expression } from './expression.ts'
import type { Fields } from './fields.ts'
import { readMeasurements } from './measurements.ts'
import { readComparisonReference, readNumberReference } from './references.ts'
import { describeType, type Scope } from './resolve-expression.ts'
import type { ComparisonOperation, ComparisonRule, DistanceRule } from './rule-set.ts'

const OPERATIONS = ['<', '<=', '=', '!=', '>', '>='] as const satisfies ComparisonOperation[]

export function readComparison(fields: Fields, name: string, scope: Scope): ComparisonRule | null {
  const measurements = readMeasurements(fields, scope, ({ type }) =>
    type.element === 'number' || type.element === 'string'
      ? null
      : `a comparison needs numbers or strings, this is ${describeType(type)}`,
  )
  const operation = fields.requiredOneOf('operation', OPERATIONS)
  const partyAggregation = fields.oneOf('partyAggregation', ['min', 'max', 'avg'])
  const node = fields.get('referenceValue')
  const ordering = operation !== null && operation !== '=' && operation !== '!='
  if (node === undefined && ordering) {
    fields.refuse('referenceValue', `is missing; operation "${operation}" needs one`)
  }
  if (measurements === null) return null
  const element = comparedElement(measurements)
  if (element === null) return fields.refuse('measurements', 'mix numbers and strings, which cannot be compared')
  if (element === 'string' && ordering) {
    fields.refuse('operation', `must be "=" or "!=" for strings, is "${operation}"`)
  }
  const path = fields.pathOf('referenceValue')
  const referenceValue = node === undefined ? null : readComparisonReference({ node, path, fields, scope }, element)
  if (operation === null || (node !== undefined && referenceValue === null)) return null
  return {
    type: 'comparison',
    name,
    measurements,
    operation,
    referenceValue,
    partyAggregation: partyAggregation ?? 'avg',
  }
}

/** What a comparison rule compares; null when its measurements differ in that. */
export function comparedElement(measurements: readonly Expression[]): 'number' | 'string' | null {
  const elements = new Set(measurements.map(({ type }) => type.element))
  if (elements.size !== 1) return null
  return elements.has('number') ? 'number' : 'string'
}

export function readDistance(fields: Fields, name: string, scope: Scope): DistanceRule | null {
  const measurements = readMeasurements(fields, scope, ({ type }) =>
    type.element === 'number' ? null : `a distance needs numbers, this is ${describeType(type)}`,
  )
  const minDistance = fields.number('minDistance')
  const maxDistance = fields.number('maxDistance')
  if (minDistance === undefined && maxDistance === undefined) {
    fields.refuse('maxDistance', 'is missing; a distance rule needs minDistance or maxDistance')
  }
  const partyAggregation = fields.oneOf('partyAggregation', ['min', 'max', 'avg'])
  const node = fields.get('referenceValue')
  if (node === undefined) return fields.refuse('referenceValue', 'is missing')
  const referenceValue = readNumberReference({ node, path: fields.pathOf('referenceValue'), fields, scope })
  if (measurements === null || referenceValue === null) return null
  return {
    type: 'distance',
    name,
    measurements,
    referenceValue,
    minDistance: minDistance ?? null,
    maxDistance: maxDistance ?? null,
    partyAggregation: partyAggregation ?? 'avg',
  }
}
