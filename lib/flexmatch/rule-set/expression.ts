/** Property expressions: what measurements and references of a rule are written in. */

export const FUNCTION_NAMES = [
  'min',
  'max',
  'avg',
  'median',
  'sum',
  'count',
  'stddev',
  'flatten',
  'set_intersection',
] as const
export type FunctionName = (typeof FUNCTION_NAMES)[number]

/** What lies at the bottom of an expression's lists. A `stringList` is one player's value, itself a list of strings. */
export type ElementType = 'number' | 'string' | 'stringList' | 'player' | 'team'
export interface ExpressionType {
  /** How many list levels surround the element; 0 for a single value. */
  levels: number
  element: ElementType
}

/** An expression whose names are resolved and whose types fit. */
export type Expression = CallExpression | PathExpression
export interface CallExpression {
  kind: 'call'
  functionName: FunctionName
  argument: Expression
  type: ExpressionType
}
export interface PathExpression {
  kind: 'path'
  /** Indexes into `RuleSet.teams`. */
  teams: readonly number[]
  /** True when the result has one more list level, one entry per team. */
  grouped: boolean
  property: 'team' | 'player' | 'playerId' | 'attribute'
  /** Set for property `attribute` only. */
  attribute: string | null
  type: ExpressionType
}

/** An expression as written, before names are looked up. Columns count from 1. */
export type ExpressionSyntax =
  | { kind: 'call'; functionName: FunctionName; argument: ExpressionSyntax; column: number }
  | {
      kind: 'path'
      teams: '*' | string[]
      property: PathExpression['property']
      attribute: string | null
      column: number
    }

export class ExpressionError extends Error {
  /** From 1, inside the expression's text. */
  readonly column: number
  constructor(message: string, column: number) {
    super(`${message} (column ${column})`)
    this.name = 'ExpressionError'
    this.column = column
  }
}
