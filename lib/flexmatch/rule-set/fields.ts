import type { JsonNode, JsonObject } from './json-reader.ts'
import type { Reasons } from './reasons.ts'

/** Reads the keys of one JSON object and reports what is missing or of the wrong kind under the object's path. */
export class Fields {
  readonly node: JsonObject
  readonly path: string
  readonly reasons: Reasons
  constructor(node: JsonObject, path: string, reasons: Reasons) {
    this.node = node
    this.path = path
    this.reasons = reasons
  }

  /** null, with a reason, when the node is not an object. */
  static of(node: JsonNode, path: string, reasons: Reasons): Fields | null {
    if (node.kind === 'object') return new Fields(node, path, reasons)
    reasons.add(path, `must be an object, is ${describe(node)}`, node)
    return null
  }

  get(key: string): JsonNode | undefined {
    return this.node.members.get(key)
  }

  pathOf(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`
  }

  /** Points at the value of the key, or at the object when the key is absent. */
  refuse(key: string, message: string): null {
    this.reasons.add(this.pathOf(key), message, this.get(key) ?? this.node)
    return null
  }

  /** A required string, not empty: a name, which ends up in ids, events and databases. */
  requiredString(key: string): string | null {
    const node = this.get(key)
    if (node === undefined) return this.refuse(key, 'is missing')
    if (node.kind !== 'string') return this.refuse(key, `must be a string, is ${describe(node)}`)
    if (node.value === '') return this.refuse(key, 'must not be empty')
    const isText = node.value.isWellFormed() && !node.value.includes('\0')
    return isText ? node.value : this.refuse(key, 'must not contain NUL or half of a surrogate pair')
  }

  /** One of `values`; `undefined` when absent, null (with a reason) when it is something else. */
  oneOf<Value extends string>(key: string, values: readonly Value[]): Value | null | undefined {
    const node = this.get(key)
    if (node === undefined) return undefined
    const value = node.kind === 'string' ? values.find((one) => one === node.value) : undefined
    if (value !== undefined) return value
    const found = node.kind === 'string' ? JSON.stringify(node.value) : describe(node)
    return this.refuse(key, `must be ${listed(values)}, is ${found}`)
  }

  requiredOneOf<Value extends string>(key: string, values: readonly Value[]): Value | null {
    const value = this.oneOf(key, values)
    return value === undefined ? this.refuse(key, `is missing; it must be ${listed(values)}`) : value
  }

  /** A finite number; `undefined` when absent. */
  number(key: string): number | null | undefined {
    const node = this.get(key)
    if (node === undefined) return undefined
    if (node.kind === 'number' && Number.isFinite(node.value)) return node.value
    return this.refuse(key, `must be a number, is ${describe(node)}`)
  }

  /** An integer of at least `minimum`; `undefined` when absent. */
  integer(key: string, minimum: number): number | null | undefined {
    const node = this.get(key)
    if (node === undefined) return undefined
    if (node.kind === 'number' && Number.isSafeInteger(node.value) && node.value >= minimum) return node.value
    return this.refuse(key, `must be an integer of at least ${minimum}, is ${describe(node)}`)
  }

  requiredInteger(key: string, minimum: number): number | null {
    const value = this.integer(key, minimum)
    return value === undefined ? this.refuse(key, 'is missing') : value
  }

  /** An optional array; an absent one is empty. */
  items(key: string): readonly JsonNode[] {
    const node = this.get(key)
    if (node === undefined) return []
    if (node.kind === 'array') return node.items
    this.refuse(key, `must be an array, is ${describe(node)}`)
    return []
  }
}

export function describe(node: JsonNode): string {
  switch (node.kind) {
    case 'null':
      return 'null'
    case 'boolean':
    case 'number':
      return String(node.value)
    case 'string': {
      const text = JSON.stringify(node.value)
      return `the string ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`
    }
    case 'array':
      return 'an array'
    case 'object':
      return 'an object'
  }
}

function listed(values: readonly string[]): string {
  if (values.length === 1) return `"${values[0]}"`
  return `one of ${values.map((value) => `"${value}"`).join(', ')}`
}
