import { type Acceptor, compileAcceptor, NOT_ACCEPTED } from './acceptor.ts'
import { serializationError, WireError } from './errors.ts'
import type { ListShape, MapShape, Shape, StringShape, StructShape } from './shapes.ts'

const LISTED_VIOLATIONS = 20
const INTEGER_LIMIT = 2 ** 31
const patterns = new Map<string, RegExp>()
const acceptors = new WeakMap<StructShape, Acceptor>()

/**
 * Checks a decoded request against an operation's shape and returns a copy with the known members only. A wrong type
 * throws SerializationException, broken constraints throw one InvalidRequestException that names them all, in the
 * service's words.
 */
export function validateInput(shape: StructShape, input: unknown): Record<string, unknown> {
  const accepted = acceptorOf(shape)(input)
  return accepted === NOT_ACCEPTED ? walkInput(shape, input) : (accepted as Record<string, unknown>)
}

function acceptorOf(shape: StructShape): Acceptor {
  let acceptor = acceptors.get(shape)
  if (!acceptor) {
    acceptor = compileAcceptor(shape)
    acceptors.set(shape, acceptor)
  }
  return acceptor
}

/** The same by walking shape and input side by side, with a path and words for everything that is wrong. */
export function walkInput(shape: StructShape, input: unknown): Record<string, unknown> {
  const violations: string[] = []
  if (!isObject(input)) throw serializationError(`The request must be an object, not ${kindOf(input)}.`)
  const value = checkStruct(shape, input, '', violations)
  if (violations.length > 0) throw new WireError('InvalidRequestException', violationMessage(violations))
  return value
}

function violationMessage(violations: string[]): string {
  const noun = violations.length === 1 ? 'validation error' : 'validation errors'
  const rest = violations.length - LISTED_VIOLATIONS
  const more = rest > 0 ? `; and ${rest} more` : ''
  return `${violations.length} ${noun} detected: ${violations.slice(0, LISTED_VIOLATIONS).join('; ')}${more}`
}

function check(shape: Shape, value: unknown, path: string, violations: string[]): unknown {
  switch (shape.kind) {
    case 'string':
      if (typeof value !== 'string') throw wrongType(path, 'a string', value)
      checkText(value, path)
      checkString(shape, value, path, violations)
      return value
    case 'integer': {
      const number = toNumber(value, path, 'an integer')
      if (!Number.isInteger(number) || number < -INTEGER_LIMIT || number >= INTEGER_LIMIT) {
        throw serializationError(`The value of '${path}' must be a 32-bit integer.`)
      }
      if (shape.min !== undefined && number < shape.min) {
        violations.push(failed(number, path, `Member must have value greater than or equal to ${shape.min}`))
      }
      if (shape.max !== undefined && number > shape.max) {
        violations.push(failed(number, path, `Member must have value less than or equal to ${shape.max}`))
      }
      return number
    }
    case 'double':
      return toNumber(value, path, 'a number')
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(path, 'true or false', value)
      return value
    case 'list':
      if (!Array.isArray(value)) throw wrongType(path, 'a list', value)
      return checkList(shape, value, path, violations)
    case 'map':
      if (!isObject(value)) throw wrongType(path, 'an object', value)
      return checkMap(shape, value, path, violations)
    case 'struct':
      if (!isObject(value)) throw wrongType(path, 'an object', value)
      return checkStruct(shape, value, `${path}.`, violations)
  }
}

function checkStruct(shape: StructShape, value: Record<string, unknown>, prefix: string, violations: string[]) {
  const known: Record<string, unknown> = {}
  let set = 0
  for (const name in shape.members) {
    const member = shape.members[name] as Shape
    const given = Object.hasOwn(value, name) ? value[name] : undefined
    const absent =
      given === undefined || given === null || (given === '' && member.kind === 'string' && member.emptyIsAbsent)
    if (!absent) {
      known[name] = check(member, given, prefix + lowerCamel(name), violations)
      set++
    } else if (shape.required.includes(name)) {
      violations.push(
        `Value null at '${prefix + lowerCamel(name)}' failed to satisfy constraint: Member must not be null`,
      )
    }
  }
  if (shape.exactlyOne && set !== 1) {
    const path = prefix.slice(0, -1)
    const names = Object.keys(shape.members).join(', ')
    violations.push(`Value at '${path}' failed to satisfy constraint: Member must have exactly one of [${names}]`)
  }
  return known
}

function checkList(shape: ListShape, value: unknown[], path: string, violations: string[]): unknown[] {
  checkSize(shape, value.length, path, violations)
  // A list that is far too long is refused as such; its members are not walked one by one.
  if (shape.max !== undefined && value.length > shape.max) return []
  return value.map((item, index) => {
    const memberPath = `${path}.${index + 1}.member`
    if (item !== null && item !== undefined) return check(shape.member, item, memberPath, violations)
    violations.push(`Value null at '${memberPath}' failed to satisfy constraint: Member must not be null`)
    return null
  })
}

function checkMap(shape: MapShape, value: Record<string, unknown>, path: string, violations: string[]) {
  const entries = Object.entries(value)
  checkSize(shape, entries.length, path, violations)
  const known: Record<string, unknown> = {}
  for (const [key, item] of entries) {
    checkText(key, path)
    const keyViolations: string[] = []
    // The one key a plain object cannot hold without becoming something else.
    if (key === '__proto__')
      keyViolations.push(`Value '${key}' at '${path}' failed to satisfy constraint: Reserved name`)
    checkString(shape.key, key, path, keyViolations)
    for (const violation of keyViolations) {
      const constraint = violation.slice(violation.indexOf(': ') + 2)
      violations.push(
        `Value at '${path}' failed to satisfy constraint: Map keys must satisfy constraint: [${constraint}]`,
      )
    }
    const memberPath = `${path}.${key}.member`
    if (item === null || item === undefined) {
      violations.push(`Value null at '${memberPath}' failed to satisfy constraint: Member must not be null`)
    } else if (keyViolations.length === 0) {
      known[key] = check(shape.value, item, memberPath, violations)
    }
  }
  return known
}

function checkSize(shape: { min?: number; max?: number }, size: number, path: string, violations: string[]): void {
  if (shape.min !== undefined && size < shape.min) {
    violations.push(
      `Value at '${path}' failed to satisfy constraint: Member must have length greater than or equal to ${shape.min}`,
    )
  }
  if (shape.max !== undefined && size > shape.max) {
    violations.push(
      `Value at '${path}' failed to satisfy constraint: Member must have length less than or equal to ${shape.max}`,
    )
  }
}

function checkString(shape: StringShape, value: string, path: string, violations: string[]): void {
  const shown = shape.sensitive ? null : value
  if (shape.min !== undefined && value.length < shape.min) {
    violations.push(failed(shown, path, `Member must have length greater than or equal to ${shape.min}`))
  }
  if (shape.max !== undefined && value.length > shape.max && characterCount(value) > shape.max) {
    // Its pattern is not tried: on a megabyte some of them would take minutes.
    violations.push(failed(shown, path, `Member must have length less than or equal to ${shape.max}`))
  } else if (shape.pattern !== undefined && !patternOf(shape.pattern).test(value)) {
    violations.push(failed(shown, path, `Member must satisfy regular expression pattern: ${shape.pattern}`))
  }
  if (shape.enum && !shape.enum.includes(value)) {
    violations.push(failed(shown, path, `Member must satisfy enum value set: [${shape.enum.join(', ')}]`))
  }
}

/** Neither can be stored as text: PostgreSQL has no NUL, and half a surrogate pair is no character. */
function checkText(value: string, path: string): void {
  if (value.includes('\0')) throw serializationError(`The value of '${path}' contains a NUL character.`)
  if (!value.isWellFormed()) throw serializationError(`The value of '${path}' contains half of a surrogate pair.`)
}

function toNumber(value: unknown, path: string, expected: string): number {
  const number = typeof value === 'bigint' ? Number(value) : value
  if (typeof number !== 'number') throw wrongType(path, expected, value)
  if (!Number.isFinite(number)) throw serializationError(`The value of '${path}' must be a finite number.`)
  return number === 0 ? 0 : number // -0 does not survive JSON, and a replay must see the same value
}

function failed(value: string | number | null, path: string, constraint: string): string {
  return `Value ${value === null ? '' : `'${value}' `}at '${path}' failed to satisfy constraint: ${constraint}`
}

function wrongType(path: string, expected: string, value: unknown): WireError {
  return serializationError(`The value of '${path}' must be ${expected}, not ${kindOf(value)}.`)
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Uint8Array) return 'a byte string'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'boolean' ? 'true or false' : `a ${typeof value}`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}

/** The service counts characters, JavaScript halves of surrogate pairs. */
function characterCount(value: string): number {
  let count = 0
  for (const _ of value) count++
  return count
}

function patternOf(source: string): RegExp {
  let pattern = patterns.get(source)
  if (!pattern) {
    pattern = new RegExp(source)
    patterns.set(source, pattern)
  }
  return pattern
}

function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
