/** PostgreSQL stores neither NUL nor half a surrogate pair: one such text would fail every retry of a delivery for ever. */
const MAX_DEPTH = 32

/**
 * Says what in a parsed JSON value cannot be stored (NUL, a lone surrogate, more than 32 levels), with its path; null
 * when everything can.
 */
export function findUnstorable(value: unknown): string | null {
  // Almost everything can be: the path is made up only for what cannot.
  return isStorable(value, 0) ? null : findAt(value, '', 0)
}

function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return isStorableText(value)
  if (typeof value !== 'object' || value === null) return true
  if (depth >= MAX_DEPTH) return false
  if (Array.isArray(value)) return value.every((member) => isStorable(member, depth + 1))
  for (const key in value) {
    if (!isStorableText(key) || !isStorable((value as Record<string, unknown>)[key], depth + 1)) return false
  }
  return true
}

function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

function findAt(value: unknown, path: string, depth: number): string | null {
  if (typeof value === 'string') return unstorableText(value, path || 'the value')
  if (typeof value !== 'object' || value === null) return null
  if (depth >= MAX_DEPTH) return `${path || 'the value'} is nested deeper than ${MAX_DEPTH} levels`
  for (const [key, member] of Object.entries(value)) {
    const inside = Array.isArray(value) ? `${path}[${key}]` : path ? `${path}.${key}` : key
    const found = unstorableText(key, 'a member name') ?? findAt(member, inside, depth + 1)
    if (found) return found
  }
  return null
}

function unstorableText(text: string, what: string): string | null {
  if (text.includes('\0')) return `${what} contains a NUL character`
  if (!text.isWellFormed()) return `${what} contains half of a surrogate pair`
  return null
}

/** The value with every text made storable: what cannot be stored is shown as U+FFFD. For answers that must be kept. */
export function makeStorable<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll('\0', '\ufffd').toWellFormed() as T
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(makeStorable) as T
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [makeStorable(key), makeStorable(member)]),
  ) as T
}
