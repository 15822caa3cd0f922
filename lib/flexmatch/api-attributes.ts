import type { AttributeValue } from './ticket.ts'

/** Matchmaker data's attributes in the API's form. NONE, unknown types and other shapes have no API form and are left out. */
export function apiAttributes(attributes: Readonly<Record<string, unknown>>): Record<string, AttributeValue> {
  const converted: [string, AttributeValue][] = []
  for (const [name, attribute] of Object.entries(attributes)) {
    if (typeof attribute !== 'object' || attribute === null) continue
    if (!('attributeType' in attribute) || !('valueAttribute' in attribute)) continue
    const value = apiAttribute(attribute.attributeType, attribute.valueAttribute)
    if (value) converted.push([name, value])
  }
  return Object.fromEntries(converted)
}

function apiAttribute(type: unknown, value: unknown): AttributeValue | null {
  switch (type) {
    case 'STRING':
      return typeof value === 'string' ? { S: value } : null
    case 'DOUBLE':
      return typeof value === 'number' ? { N: value } : null
    case 'STRING_LIST':
      return Array.isArray(value) && value.every((item) => typeof item === 'string') ? { SL: value } : null
    case 'STRING_DOUBLE_MAP':
      return isNumberMap(value) ? { SDM: value } : null
    default:
      return null
  }
}

function isNumberMap(value: unknown): value is Record<string, number> {
  return (
    value !== null &&
    typeof value === 'object' &&
    !Array.isArray(value) &&
    Object.values(value).every((item) => typeof item === 'number')
  )
}
