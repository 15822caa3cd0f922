import path from 'node:path'
import { INPUT_SHAPES } from '#lib/engine/wire/operations.ts'
import { validateInput } from '#lib/engine/wire/validate.ts'
import { type CreateOperation, FixtureError, type FixtureResource, type Place } from './fixtures.ts'
import { readText } from './read-document.ts'

/**
 * One queue, rule set or configuration: the members of the operation that creates it, under GameLift's names and with
 * GameLift's constraints. A rule set's body may be an object, JSON text, or a file named in `RuleSetFile`, looked for
 * beside the file that names it. Throws FixtureError.
 */
export function readResource(operation: CreateOperation, value: unknown, place: Place): FixtureResource {
  const given = objectAt(value, place)
  const input = operation === 'CreateMatchmakingRuleSet' ? withBodyAsText(given, place) : given
  const known = Object.keys(INPUT_SHAPES[operation].members)
  refuseUnknown(input, operation === 'CreateMatchmakingRuleSet' ? [...known, 'RuleSetFile'] : known, place)
  try {
    const validated = validateInput(INPUT_SHAPES[operation], input)
    return { operation, name: String(validated.Name), input: validated, place }
  } catch (error) {
    throw new FixtureError(place, (error as Error).message)
  }
}

export function objectAt(value: unknown, place: Place): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new FixtureError(place, 'must be an object.')
}

/** A service ignores a member it does not know; in a file it is a slip of the pen. */
export function refuseUnknown(value: Record<string, unknown>, known: readonly string[], place: Place): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown === undefined) return
  throw new FixtureError(place, `has no ${JSON.stringify(unknown)}; it takes ${known.join(', ')}.`)
}

function withBodyAsText({ RuleSetFile, ...given }: Record<string, unknown>, place: Place): Record<string, unknown> {
  const body = given.RuleSetBody
  if (RuleSetFile === undefined) {
    return typeof body === 'object' && body !== null ? { ...given, RuleSetBody: JSON.stringify(body) } : given
  }
  if (typeof RuleSetFile !== 'string') throw new FixtureError(place, 'RuleSetFile must be the path of a file.')
  if (body !== undefined) throw new FixtureError(place, 'Give either RuleSetBody or RuleSetFile.')
  return { ...given, RuleSetBody: readText(path.resolve(path.dirname(place.file), RuleSetFile)) }
}
