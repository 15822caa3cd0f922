import type { AttributeValue } from '#lib/flexmatch/ticket.ts'

/** The value of an attribute as a person would write it: `1480`, `ranked`, `[eu, us]`, `{a: 1, b: 2}`. */
export function formatAttribute(value: AttributeValue): string {
  if (value.N !== undefined) return String(value.N)
  if (value.S !== undefined) return value.S
  if (value.SL !== undefined) return `[${value.SL.join(', ')}]`
  if (value.SDM !== undefined) {
    return `{${Object.entries(value.SDM)
      .map(([key, number]) => `${key}: ${number}`)
      .join(', ')}}`
  }
  return '–'
}

/** Matchmaker data spells attributes its own way: `{ attributeType, valueAttribute }`. */
export function formatDataAttribute(value: unknown): string {
  const inner = typeof value === 'object' && value !== null && 'valueAttribute' in value ? value.valueAttribute : value
  if (Array.isArray(inner)) return `[${inner.join(', ')}]`
  if (typeof inner === 'object' && inner !== null) {
    return `{${Object.entries(inner)
      .map(([key, item]) => `${key}: ${String(item)}`)
      .join(', ')}}`
  }
  return inner === undefined ? '–' : String(inner)
}

/** Nearest first. */
export function sortedLatency(latencyMs: Record<string, number>): [string, number][] {
  return Object.entries(latencyMs).toSorted((a, b) => a[1] - b[1] || a[0].localeCompare(b[0]))
}
