import type { ListShape, MapShape, Shape, StringShape, StructShape } from './shapes.ts'

/** The value was not accepted; whatever is wrong with it, somebody else says it. */
export const NOT_ACCEPTED = Symbol('not accepted')

/** Returns the copy that validation returns, or NOT_ACCEPTED. */
export type Acceptor = (value: unknown) => unknown

const INTEGER_LIMIT = 2 ** 31

/**
 * Compiles a shape into closures that accept what is right in every respect and find no words for what is not: most
 * requests are right, and then neither paths nor messages are needed.
 */
export function compileAcceptor(shape: Shape): Acceptor {
  switch (shape.kind) {
    case 'string':
      return stringAcceptor(shape)
    case 'integer': {
      const min = Math.max(shape.min ?? -INTEGER_LIMIT, -INTEGER_LIMIT)
      const max = Math.min(shape.max ?? INTEGER_LIMIT - 1, INTEGER_LIMIT - 1)
      return (value) =>
        Number.isInteger(value) && (value as number) >= min && (value as number) <= max
          ? plain(value as number)
          : NOT_ACCEPTED
    }
    case 'double':
      return (value) => (Number.isFinite(value) ? plain(value as number) : NOT_ACCEPTED)
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : NOT_ACCEPTED)
    case 'list':
      return listAcceptor(shape)
    case 'map':
      return mapAcceptor(shape)
    case 'struct':
      return structAcceptor(shape)
  }
}

/** -0 does not survive JSON, and a replay must see the same value. */
function plain(value: number): number {
  return value === 0 ? 0 : value
}

function stringAcceptor({ min = 0, max = Infinity, pattern, enum: values }: StringShape): Acceptor {
  const regExp = pattern === undefined ? null : new RegExp(pattern)
  return (value) =>
    typeof value === 'string' &&
    value.length >= min &&
    value.length <= max && // what is longer may still be right: a character can be two of these
    (regExp === null || regExp.test(value)) &&
    (values === undefined || values.includes(value)) &&
    !value.includes('\0') &&
    value.isWellFormed()
      ? value
      : NOT_ACCEPTED
}

function listAcceptor({ member, min = 0, max = Infinity }: ListShape): Acceptor {
  const accept = compileAcceptor(member)
  return (value) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) return NOT_ACCEPTED
    const copy: unknown[] = []
    for (let index = 0; index < value.length; index++) {
      const item = accept(value[index])
      if (item === NOT_ACCEPTED) return NOT_ACCEPTED
      copy.push(item)
    }
    return copy
  }
}

function mapAcceptor({ key, value: item, max = Infinity }: MapShape): Acceptor {
  const acceptKey = compileAcceptor(key)
  const acceptItem = compileAcceptor(item)
  return (value) => {
    if (!isPlainObject(value)) return NOT_ACCEPTED
    const names = Object.keys(value)
    if (names.length > max) return NOT_ACCEPTED
    const copy: Record<string, unknown> = {}
    for (const name of names) {
      const accepted = acceptItem(value[name])
      if (accepted === NOT_ACCEPTED || name === '__proto__' || acceptKey(name) === NOT_ACCEPTED) return NOT_ACCEPTED
      copy[name] = accepted
    }
    return copy
  }
}

function structAcceptor({ members, required, exactlyOne }: StructShape): Acceptor {
  const fields = Object.entries(members).map(([name, shape]) => ({
    name,
    accept: compileAcceptor(shape),
    isRequired: required.includes(name),
    emptyIsAbsent: shape.kind === 'string' && shape.emptyIsAbsent === true,
  }))
  return (value) => {
    if (!isPlainObject(value)) return NOT_ACCEPTED
    const copy: Record<string, unknown> = {}
    let set = 0
    for (const { name, accept, isRequired, emptyIsAbsent } of fields) {
      const given = Object.hasOwn(value, name) ? value[name] : undefined
      if (given === undefined || given === null || (given === '' && emptyIsAbsent)) {
        if (isRequired) return NOT_ACCEPTED
      } else {
        const accepted = accept(given)
        if (accepted === NOT_ACCEPTED) return NOT_ACCEPTED
        copy[name] = accepted
        set++
      }
    }
    return exactlyOne && set !== 1 ? NOT_ACCEPTED : copy
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}
