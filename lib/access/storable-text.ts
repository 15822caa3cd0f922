import { AppError } from '#lib/flexmatch/result.ts'
import { findUnstorable } from '#lib/flexmatch/well-formed.ts'

/** Throws INVALID_INPUT naming the place for text that cannot be stored, and so could never be found again. */
export function requireStorableText(value: unknown, place = 'the input'): void {
  const found = findUnstorable(value)
  if (found) throw new AppError('INVALID_INPUT', `${place}: ${found}.`)
}
