import type { AttributeValue } from '#lib/flexmatch/ticket.ts'
import { describe, Fields } from './fields.ts'
import type { JsonNode } from './json-reader.ts'
import type { AttributeType, PlayerAttribute } from './rule-set.ts'

const TYPES = ['string', 'number', 'string_list', 'string_number_map'] as const satisfies AttributeType[]

/** Reads `playerAttributes`. What is wrong is reported; an attribute with a broken default still counts as declared. */
export function readAttributes(body: Fields): Map<string, PlayerAttribute> {
  const attributes = new Map<string, PlayerAttribute>()
  for (const [index, node] of body.items('playerAttributes').entries()) {
    const fields = Fields.of(node, `playerAttributes[${index}]`, body.reasons)
    if (fields === null) continue
    const name = fields.requiredString('name')
    const type = fields.requiredOneOf('type', TYPES)
    if (name === null) continue
    if (attributes.has(name)) {
      fields.refuse('name', `another attribute is already called ${JSON.stringify(name)}`)
      continue
    }
    if (type === null) continue
    const attribute: PlayerAttribute = { name, type }
    const given = fields.get('default')
    if (given !== undefined) {
      const value = defaultValue(type, given)
      if (value === null) fields.refuse('default', `must be ${DEFAULT_FORMS[type]}, is ${describe(given)}`)
      // An empty string means that there is no default.
      else if (value.S !== '') attribute.default = value
    }
    attributes.set(name, attribute)
  }
  return attributes
}

const DEFAULT_FORMS = {
  string: 'a string',
  number: 'a number',
  string_list: 'an array of strings',
  string_number_map: 'an object whose values are numbers',
} as const satisfies Record<AttributeType, string>

function defaultValue(type: AttributeType, node: JsonNode): AttributeValue | null {
  switch (type) {
    case 'string':
      return node.kind === 'string' ? { S: node.value } : null
    case 'number':
      return node.kind === 'number' && Number.isFinite(node.value) ? { N: node.value } : null
    case 'string_list': {
      if (node.kind !== 'array') return null
      const strings = node.items.flatMap((item) => (item.kind === 'string' ? [item.value] : []))
      return strings.length === node.items.length ? { SL: strings } : null
    }
    case 'string_number_map': {
      if (node.kind !== 'object') return null
      const numbers: [string, number][] = []
      for (const [key, value] of node.members) {
        if (value.kind !== 'number' || !Number.isFinite(value.value)) return null
        numbers.push([key, value.value])
      }
      // fromEntries makes own properties, also of a key like __proto__.
      return { SDM: Object.fromEntries(numbers) }
    }
  }
}
