import { describe, type Fields } from './fields.ts'
import type { JsonNode } from './json-reader.ts'
import type { Scope } from './resolve-expression.ts'
import type { BatchDistanceRule, PlayerAttribute, SortRule } from './rule-set.ts'

export function readBatchDistance(fields: Fields, name: string, scope: Scope): BatchDistanceRule | null {
  const attribute = namedAttribute(fields, 'batchAttribute', scope)
  const node = fields.get('maxDistance')
  const maxDistance = node === undefined ? null : numberOrNumericText(node)
  if (node !== undefined && maxDistance === null) {
    fields.refuse('maxDistance', `must be a number, is ${describe(node)}`)
  }
  const partyAggregation = fields.oneOf('partyAggregation', ['min', 'max', 'avg'])
  if (attribute === null) return null
  if (attribute.type !== 'number' && attribute.type !== 'string') {
    return fields.refuse('batchAttribute', `must be a number or string attribute, is a ${attribute.type}`)
  }
  if (attribute.type === 'number' && node === undefined) {
    return fields.refuse('maxDistance', 'is missing; a number attribute needs it')
  }
  return {
    type: 'batchDistance',
    name,
    batchAttribute: attribute.name,
    maxDistance: attribute.type === 'number' ? maxDistance : null,
    partyAggregation: partyAggregation ?? 'avg',
  }
}

/** Documentation writes this number as a string too, as in "500". null when it is neither. */
export function numberOrNumericText(node: JsonNode): number | null {
  if (node.kind === 'number') return Number.isFinite(node.value) ? node.value : null
  if (node.kind !== 'string' || !/^\s*-?\d+(\.\d+)?\s*$/.test(node.value)) return null
  const value = Number(node.value)
  return Number.isFinite(value) ? value : null
}

export function readSort(fields: Fields, name: string, type: SortRule['type'], scope: Scope): SortRule | null {
  const sortDirection = fields.requiredOneOf('sortDirection', ['ascending', 'descending'])
  const attribute = namedAttribute(fields, 'sortAttribute', scope)
  const mapKey = fields.oneOf('mapKey', ['minValue', 'maxValue'])
  const partyAggregation = fields.oneOf('partyAggregation', ['min', 'max', 'avg'])
  if (attribute === null) return null
  if (attribute.type === 'string_list') return fields.refuse('sortAttribute', 'cannot be a string_list attribute')
  if (attribute.type === 'string_number_map' && mapKey === undefined) {
    return fields.refuse('mapKey', 'is missing; a string_number_map needs "minValue" or "maxValue"')
  }
  if (sortDirection === null) return null
  return {
    type,
    name,
    sortDirection,
    sortAttribute: attribute.name,
    mapKey: attribute.type === 'string_number_map' ? (mapKey ?? null) : null,
    partyAggregation: partyAggregation ?? 'avg',
  }
}

function namedAttribute(fields: Fields, key: string, scope: Scope): PlayerAttribute | null {
  const name = fields.requiredString(key)
  if (name === null) return null
  const attribute = scope.attributes.get(name)
  if (attribute !== undefined) return attribute
  return fields.refuse(key, `playerAttributes declares no attribute ${JSON.stringify(name)}`)
}
