import { ExpressionError, type ExpressionSyntax, FUNCTION_NAMES } from './expression.ts'

const MAX_DEPTH = 32
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y

/** Reads the text of one property expression. Throws ExpressionError; does not look names up. */
export function parseExpression(text: string): ExpressionSyntax {
  const parser = new Parser(text)
  const expression = parser.expression(1)
  parser.end()
  return expression
}

class Parser {
  readonly #text: string
  #at = 0
  constructor(text: string) {
    this.#text = text
  }

  expression(depth: number): ExpressionSyntax {
    if (depth > MAX_DEPTH) throw this.#error(`functions are nested deeper than ${MAX_DEPTH} levels`)
    this.#blank()
    const start = this.#at
    const word = this.#word()
    if (word === null) throw this.#expected('a function or teams[…]')
    this.#blank()
    if (!this.#take('(')) {
      if (word === 'teams' || word === 'team') return this.#path(start)
      throw new ExpressionError(`${JSON.stringify(word)} is neither a function call nor teams[…]`, start + 1)
    }
    const functionName = FUNCTION_NAMES.find((name) => name === word)
    if (functionName === undefined) throw new ExpressionError(`unknown function ${JSON.stringify(word)}`, start + 1)
    const argument = this.expression(depth + 1)
    this.#blank()
    if (!this.#take(')')) throw this.#expected('")"')
    return { kind: 'call', functionName, argument, column: start + 1 }
  }

  end(): void {
    this.#blank()
    if (this.#at < this.#text.length) throw this.#expected('the end of the expression')
  }

  #path(start: number): ExpressionSyntax {
    const names = this.#bracket('team names')
      .split(',')
      .map((name) => name.trim())
    if (names.includes('')) throw new ExpressionError('a team name is empty', start + 1)
    const path = {
      kind: 'path' as const,
      teams: names.length === 1 && names[0] === '*' ? ('*' as const) : names,
      column: start + 1,
    }
    if (!this.#dot()) return { ...path, property: 'team', attribute: null }
    this.#keyword('players')
    this.#blank()
    if (this.#text[this.#at] === '[') {
      const at = this.#at
      const inner = this.#bracket('playerId').trim()
      if (inner.toLowerCase() === 'playerid') return { ...path, property: 'playerId', attribute: null }
      throw new ExpressionError('after players only [playerId] or .attributes[…] can follow', at + 1)
    }
    if (!this.#dot()) return { ...path, property: 'player', attribute: null }
    this.#keyword('attributes')
    const attribute = this.#bracket('an attribute name').trim()
    if (attribute === '') throw new ExpressionError('the attribute name is empty', start + 1)
    return { ...path, property: 'attribute', attribute }
  }

  #bracket(content: string): string {
    this.#blank()
    if (!this.#take('[')) throw this.#expected(`"[" and ${content}`)
    const end = this.#text.indexOf(']', this.#at)
    if (end < 0) throw new ExpressionError('this "[" is not closed', this.#at)
    const inner = this.#text.slice(this.#at, end)
    this.#at = end + 1
    return inner
  }

  #dot(): boolean {
    this.#blank()
    return this.#take('.')
  }

  #keyword(expected: string): void {
    this.#blank()
    const at = this.#at
    if (this.#word() !== expected) throw new ExpressionError(`expected "${expected}"`, at + 1)
  }

  #word(): string | null {
    WORD.lastIndex = this.#at
    const word = WORD.exec(this.#text)?.[0]
    if (word === undefined) return null
    this.#at += word.length
    return word
  }

  #blank(): void {
    while (this.#at < this.#text.length && ' \t\n\r'.includes(this.#text.charAt(this.#at))) this.#at++
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #expected(what: string): ExpressionError {
    const found = this.#text[this.#at]
    return this.#error(`expected ${what}, found ${found === undefined ? 'the end' : JSON.stringify(found)}`)
  }

  #error(message: string): ExpressionError {
    return new ExpressionError(message, this.#at + 1)
  }
}
