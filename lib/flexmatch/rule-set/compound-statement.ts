/** The statement of a compound rule: and(a,b), or(a,b), xor(a,b), not(a); leaves are rule names. */
import type { Statement } from './rule-set.ts'

const MAX_DEPTH = 64
const OPERATORS = ['and', 'or', 'xor', 'not'] as const

export class StatementError extends Error {
  constructor(message: string, at: number) {
    super(`${message} (column ${at + 1})`)
    this.name = 'StatementError'
  }
}

/**
 * Reads a statement; `leaf` turns a rule name into its index or throws StatementError with its own reason.
 * Throws StatementError.
 */
export function parseStatement(text: string, leaf: (name: string, at: number) => number): Statement {
  let at = 0

  const blank = () => {
    while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at++
  }
  const found = () => (at < text.length ? JSON.stringify(text[at]) : 'the end')
  const take = (character: string) => {
    blank()
    if (text[at] !== character) throw new StatementError(`expected "${character}", found ${found()}`, at)
    at++
  }
  const statement = (depth: number): Statement => {
    if (depth > MAX_DEPTH) throw new StatementError(`nested deeper than ${MAX_DEPTH} levels`, at)
    blank()
    const start = at
    while (at < text.length && !'(),'.includes(text.charAt(at))) at++
    const word = text.slice(start, at).trim()
    if (text[at] !== '(') {
      if (word === '') throw new StatementError(`expected a rule name or an operator, found ${found()}`, at)
      return { kind: 'rule', rule: leaf(word, start) }
    }
    const operator = OPERATORS.find((one) => one === word)
    if (operator === undefined) {
      throw new StatementError(`unknown operator ${JSON.stringify(word)}; use and, or, xor or not`, start)
    }
    at++
    const first = statement(depth + 1)
    if (operator === 'not') {
      blank()
      if (text[at] === ',') throw new StatementError('"not" takes one operand', at)
      take(')')
      return { kind: 'not', operand: first }
    }
    blank()
    if (text[at] === ')') throw new StatementError(`"${operator}" takes two operands`, at)
    take(',')
    const second = statement(depth + 1)
    blank()
    if (text[at] === ',') throw new StatementError(`"${operator}" takes two operands`, at)
    take(')')
    return { kind: operator, left: first, right: second }
  }

  const result = statement(1)
  blank()
  if (at < text.length) throw new StatementError(`expected the end of the statement, found ${found()}`, at)
  return result
}
