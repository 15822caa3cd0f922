import { AppError } from '#lib/flexmatch/result.ts'

/**
 * PostgreSQL refuses NUL and turns lone surrogates into something else, so text with either could never be found again.
 * Throws INVALID_INPUT naming the place. Walks arrays and plain objects, keys included.
 */
export function requireStorableText(value: unknown, place = 'the input'): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) {
      throw new AppError(
        'INVALID_INPUT',
        `${place} contains a character that no id can hold (NUL or half a surrogate pair).`,
      )
    }
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) requireStorableText(item, `${place}[${index}]`)
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      requireStorableText(key, `a name in ${place}`)
      requireStorableText(item, place === 'the input' ? key : `${place}.${key}`)
    }
  }
}
