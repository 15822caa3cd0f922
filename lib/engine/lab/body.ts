/** Reading the JSON body of a lab call: what is wrong is refused with the name of the member. */
import { Refusal } from '#lib/engine/core/contract.ts'

/** The members of an object that has no others than the `known` ones. Throws Refusal. */
export function members(value: unknown, what: string, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${what} must be an object.`)
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown !== undefined) throw invalid(`${what} has no ${JSON.stringify(unknown)}; it takes ${known.join(', ')}.`)
  return value as Record<string, unknown>
}

export const invalid = (message: string) => new Refusal('InvalidRequestException', message)
