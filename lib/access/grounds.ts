/** What the role table may ask for along with a click: a reason, and the name of what it is done to, typed. */
import * as z from 'zod/mini'
import { AppError } from '#lib/flexmatch/result.ts'
import type { Ask } from './roles.ts'
import { requireStorableText } from './storable-text.ts'

export const MAX_REASON_LENGTH = 500

export interface Grounds {
  /** 1 to 500 characters, trimmed; null when none was given. */
  reason: string | null
  /** As typed. */
  confirmation: string | null
}

const Given = z.object({
  reason: z.optional(z.nullable(z.string().check(z.trim(), z.maxLength(MAX_REASON_LENGTH)))),
  confirmation: z.optional(z.nullable(z.string().check(z.maxLength(128)))),
})

/**
 * Takes both out of an action's input: every action has them, so none has to say so. What cannot be read is left where it
 * is, for the action to refuse. Throws INVALID_INPUT.
 */
export function splitGrounds(given: unknown): { grounds: Grounds; rest: unknown } {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { grounds: { reason: null, confirmation: null }, rest: given }
  }
  const { reason: _, confirmation: __, ...rest } = given as Record<string, unknown>
  return { grounds: readGrounds(given), rest }
}

/** Throws INVALID_INPUT for what is too long or no text. */
export function readGrounds(given: object): Grounds {
  const parsed = z.safeParse(Given, given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new AppError('INVALID_INPUT', `${issue?.path.join('.')}: ${issue?.message}`)
  }
  const { reason, confirmation } = parsed.data
  requireStorableText({ reason: reason ?? '', confirmation: confirmation ?? '' })
  return { reason: reason || null, confirmation: confirmation ?? null }
}

/** null when what is asked was given; otherwise the sentence that says what is missing. `word` is what must be typed. */
export function missingGrounds(ask: Ask, { reason, confirmation }: Grounds, word: string): string | null {
  if (ask === 'nothing') return null
  if (reason === null) return `reason: say why, in 1 to ${MAX_REASON_LENGTH} characters.`
  if (ask === 'confirm' && confirmation !== word) return `confirmation: type ${JSON.stringify(word)} to confirm.`
  return null
}
