/**
 * SearchGameSessions' two little languages. A filter is comparisons joined by AND, OR, NOT and parentheses, for example
 * `maximumSessions>=10 AND gameSessionProperties.mode = 'ranked'`; a sort is `<operand> ASC|DESC`.
 */
import { Refusal } from './contract.ts'
import type { GameSessionState } from './state.ts'

const MOST_LEVELS = 32

type Value = string | number | boolean
type Kind = 'string' | 'number' | 'boolean'
interface Operand {
  kind: Kind
  /** null: the session has no such value. */
  read(session: GameSessionState): Value | null
}
type Predicate = (session: GameSessionState) => boolean

const OPERANDS: Record<string, Operand> = {
  gameSessionName: { kind: 'string', read: ({ name }) => name },
  gameSessionId: { kind: 'string', read: ({ arn }) => arn },
  maximumSessions: { kind: 'number', read: ({ maximumPlayers }) => maximumPlayers },
  creationTimeMillis: { kind: 'number', read: ({ createdMs }) => createdMs },
  playerSessionCount: { kind: 'number', read: ({ currentPlayers }) => currentPlayers },
  hasAvailablePlayerSessions: {
    kind: 'boolean',
    read: ({ currentPlayers, maximumPlayers }) => currentPlayers < maximumPlayers,
  },
}
const PROPERTY = 'gameSessionProperties.'

const COMPARE: Record<string, (a: Value, b: Value) => boolean> = {
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
}

/** Throws InvalidRequestException that says what was expected and where. */
export function parseFilter(text: string): Predicate {
  return new FilterParser(text).parse()
}

/** Compares for the given sort expression; sessions without the value come last, either way. */
export function parseSort(text: string): (a: GameSessionState, b: GameSessionState) => number {
  const parts = text.trim().split(/\s+/)
  const operand = operandOf(parts[0] ?? '')
  const direction = parts[1]?.toUpperCase()
  if (!operand || parts.length !== 2 || (direction !== 'ASC' && direction !== 'DESC')) {
    throw new Refusal('InvalidRequestException', `SortExpression must be an operand followed by ASC or DESC: ${text}`)
  }
  const sign = direction === 'ASC' ? 1 : -1
  return (first, second) => {
    const a = operand.read(first)
    const b = operand.read(second)
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    if (a === b) return 0
    return a < b ? -sign : sign
  }
}

function operandOf(name: string): Operand | null {
  if (name.startsWith(PROPERTY) && name.length > PROPERTY.length) {
    const key = name.slice(PROPERTY.length)
    return {
      kind: 'string',
      read: ({ properties }) => properties?.find((property) => property.Key === key)?.Value ?? null,
    }
  }
  return Object.hasOwn(OPERANDS, name) ? OPERANDS[name]! : null
}

interface Token {
  text: string
  at: number
  /** The value of a quoted string. */
  quoted?: string
}

// A quoted string, a comparator, a parenthesis, or a word up to the next of these.
const TOKEN = /\s*(?:'([^']*)'|"([^"]*)"|(<>|<=|>=|=|<|>|\(|\))|([^\s'"<>=()]+))/y

class FilterParser {
  readonly #text: string
  readonly #tokens: Token[]
  #next = 0
  #level = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokenise(text)
  }

  parse(): Predicate {
    const predicate = this.#or()
    if (this.#next < this.#tokens.length) throw this.#expected('AND, OR or the end')
    return predicate
  }

  #or(): Predicate {
    const terms = [this.#and()]
    while (this.#word('OR')) terms.push(this.#and())
    return terms.length === 1 ? terms[0]! : (session) => terms.some((term) => term(session))
  }

  #and(): Predicate {
    const terms = [this.#not()]
    while (this.#word('AND')) terms.push(this.#not())
    return terms.length === 1 ? terms[0]! : (session) => terms.every((term) => term(session))
  }

  #not(): Predicate {
    if (!this.#word('NOT')) return this.#primary()
    const operand = this.#nested(() => this.#not())
    return (session) => !operand(session)
  }

  #primary(): Predicate {
    if (!this.#symbol('(')) return this.#comparison()
    const inner = this.#nested(() => this.#or())
    if (!this.#symbol(')')) throw this.#expected(')')
    return inner
  }

  #nested(parse: () => Predicate): Predicate {
    if (++this.#level > MOST_LEVELS) {
      throw new Refusal('InvalidRequestException', `FilterExpression is nested more than ${MOST_LEVELS} levels deep.`)
    }
    const parsed = parse()
    this.#level--
    return parsed
  }

  #comparison(): Predicate {
    const name = this.#tokens[this.#next]
    const operand = name && name.quoted === undefined ? operandOf(name.text) : null
    if (!operand) throw this.#expected('an operand such as gameSessionName or gameSessionProperties.key')
    this.#next++
    const comparator = this.#tokens[this.#next]?.text ?? ''
    const compare = Object.hasOwn(COMPARE, comparator) ? COMPARE[comparator]! : null
    if (!compare) throw this.#expected('one of =, <>, <, >, <=, >=')
    if (operand.kind !== 'number' && comparator !== '=' && comparator !== '<>') {
      throw this.#expected(`= or <>, the comparators for a ${operand.kind}`)
    }
    this.#next++
    const value = this.#value(operand.kind)
    return (session) => {
      const actual = operand.read(session)
      return actual === null ? comparator === '<>' : compare(actual, value)
    }
  }

  #value(kind: Kind): Value {
    const token = this.#tokens[this.#next]
    this.#next++
    if (kind === 'string' && token?.quoted !== undefined) return token.quoted
    if (token && token.quoted === undefined) {
      if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(token.text)) return Number(token.text)
      if (kind === 'boolean' && /^(true|false)$/i.test(token.text)) return token.text.toLowerCase() === 'true'
    }
    this.#next--
    throw this.#expected({ string: 'a string in single quotes', number: 'a number', boolean: 'true or false' }[kind])
  }

  #word(word: string): boolean {
    const token = this.#tokens[this.#next]
    if (token?.quoted !== undefined || token?.text.toUpperCase() !== word) return false
    this.#next++
    return true
  }

  #symbol(symbol: string): boolean {
    const token = this.#tokens[this.#next]
    if (token?.quoted !== undefined || token?.text !== symbol) return false
    this.#next++
    return true
  }

  #expected(what: string): Refusal {
    const token = this.#tokens[this.#next]
    const where = token ? `at character ${token.at + 1}, before ${token.text}` : 'at the end'
    return new Refusal('InvalidRequestException', `FilterExpression: expected ${what} ${where}: ${this.#text}`)
  }
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const start = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (!match) {
      throw new Refusal(
        'InvalidRequestException',
        `FilterExpression: a quote is not closed at character ${start + 1}: ${text}`,
      )
    }
    const token = match[0].trimStart()
    const quoted = match[1] ?? match[2]
    tokens.push({ text: token, at: TOKEN.lastIndex - token.length, ...(quoted !== undefined && { quoted }) })
  }
  return tokens
}
