/**
 * A strict JSON reader that remembers where every value stood, so a refused rule set can name line and column.
 * Linear in the text, bounded in depth; of two equal keys the last wins. Objects become Maps: a key such as
 * `__proto__` is a key like any other.
 */
export type JsonNode =
  | { kind: 'null'; at: number }
  | { kind: 'boolean'; value: boolean; at: number }
  | { kind: 'number'; value: number; at: number }
  | { kind: 'string'; value: string; at: number }
  | { kind: 'array'; items: JsonNode[]; at: number }
  | { kind: 'object'; members: Map<string, JsonNode>; at: number }
export type JsonObject = Extract<JsonNode, { kind: 'object' }>

/** `at` is the offset of the character that could not be read. */
export class JsonSyntaxError extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.name = 'JsonSyntaxError'
    this.at = at
  }
}

const MAX_DEPTH = 64
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const ESCAPES = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

/** Throws JsonSyntaxError. */
export function readJson(text: string): JsonNode {
  const reader = new Reader(text)
  const node = reader.value(0)
  reader.end()
  return node
}

class Reader {
  readonly #text: string
  #at = 0
  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): JsonNode {
    this.#blank()
    const at = this.#at
    if (depth > MAX_DEPTH) throw new JsonSyntaxError(`nested deeper than ${MAX_DEPTH} levels`, at)
    const character = this.#text[at]
    if (character === '{') return this.#object(depth)
    if (character === '[') return this.#array(depth)
    if (character === '"') return { kind: 'string', value: this.#string(), at }
    if (this.#word('true')) return { kind: 'boolean', value: true, at }
    if (this.#word('false')) return { kind: 'boolean', value: false, at }
    if (this.#word('null')) return { kind: 'null', at }
    NUMBER.lastIndex = at
    const number = NUMBER.exec(this.#text)?.[0]
    if (number === undefined) throw this.#unexpected('a value')
    this.#at += number.length
    return { kind: 'number', value: Number(number), at }
  }

  end(): void {
    this.#blank()
    if (this.#at < this.#text.length) throw this.#unexpected('the end of the document')
  }

  #object(depth: number): JsonNode {
    const at = this.#at++
    const members = new Map<string, JsonNode>()
    this.#blank()
    if (this.#take('}')) return { kind: 'object', members, at }
    do {
      this.#blank()
      if (this.#text[this.#at] !== '"') throw this.#unexpected('a key in double quotes')
      const key = this.#string()
      this.#blank()
      if (!this.#take(':')) throw this.#unexpected('":"')
      members.set(key, this.value(depth + 1))
      this.#blank()
    } while (this.#take(','))
    if (!this.#take('}')) throw this.#unexpected('"," or "}"')
    return { kind: 'object', members, at }
  }

  #array(depth: number): JsonNode {
    const at = this.#at++
    const items: JsonNode[] = []
    this.#blank()
    if (this.#take(']')) return { kind: 'array', items, at }
    do {
      items.push(this.value(depth + 1))
      this.#blank()
    } while (this.#take(','))
    if (!this.#take(']')) throw this.#unexpected('"," or "]"')
    return { kind: 'array', items, at }
  }

  #string(): string {
    const start = this.#at++
    const parts: string[] = []
    for (;;) {
      const plainStart = this.#at
      while (isPlain(this.#text.charCodeAt(this.#at))) this.#at++
      if (this.#at > plainStart) parts.push(this.#text.slice(plainStart, this.#at))
      const character = this.#text[this.#at]
      if (character === '"') {
        this.#at++
        return parts.join('')
      }
      if (character === undefined) throw new JsonSyntaxError('this string does not end', start)
      if (character !== '\\') throw new JsonSyntaxError('a control character inside a string must be escaped', this.#at)
      parts.push(this.#escape())
    }
  }

  #escape(): string {
    const at = this.#at
    const letter = this.#text[at + 1]
    if (letter === 'u') {
      const digits = this.#text.slice(at + 2, at + 6)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new JsonSyntaxError('\\u needs four hexadecimal digits', at)
      this.#at += 6
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    const escaped = ESCAPES.get(letter ?? '')
    if (escaped === undefined) throw new JsonSyntaxError('unknown escape in a string', at)
    this.#at += 2
    return escaped
  }

  #blank(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
      this.#at++
    }
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false
    this.#at += word.length
    return true
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #unexpected(expected: string): JsonSyntaxError {
    const found = this.#text[this.#at]
    if (found === undefined) return new JsonSyntaxError(`the document ends where ${expected} should be`, this.#at)
    if (found === '/' || found === '#') return new JsonSyntaxError('comments are not allowed', this.#at)
    return new JsonSyntaxError(`expected ${expected}, found ${JSON.stringify(found)}`, this.#at)
  }
}

/** Whether a string may hold this character unescaped. False for NaN, which charCodeAt gives past the end. */
function isPlain(code: number): boolean {
  return code >= 0x20 && code !== 0x22 && code !== 0x5c
}
