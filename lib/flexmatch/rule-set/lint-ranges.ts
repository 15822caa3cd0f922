/** Which numbers an expression can yield in any match, from the team sizes alone. Always too wide, never too narrow. */
import type { CallExpression, Expression } from './expression.ts'

export interface Range {
  low: number
  high: number
}
export interface Values extends Range {
  /** Every match has at least one value here. Without it a rule may have nothing to test, and then it does not fail. */
  sure: boolean
  /** There may be more than one value, as for the attributes of several players. */
  many: boolean
}

const ANY: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
const COUNT: Range = { low: 0, high: Number.POSITIVE_INFINITY }

export interface Ranges {
  /** One entry for each team where the result is still grouped by team, otherwise one. */
  values(expression: Expression): readonly Values[]
  /** How many elements the innermost lists of the expression have; one entry per team like `values`. */
  sizes(expression: Expression): readonly Range[]
}

/** `teamSizes` are the fewest and the most players of every team at any time. Results are kept per expression. */
export function rangesOf(teamSizes: readonly Range[]): Ranges {
  const known = new Map<Expression, readonly Values[]>()

  function values(expression: Expression): readonly Values[] {
    const before = known.get(expression)
    if (before !== undefined) return before
    const result = expression.kind === 'call' ? called(expression) : pathValues(expression)
    known.set(expression, result)
    return result
  }

  function pathValues(path: Extract<Expression, { kind: 'path' }>): Values[] {
    return path.teams.map((team) => {
      const { low, high } = teamSizes[team] ?? COUNT
      return { ...ANY, sure: low > 0 || teamSizes.length === 1, many: high > 1 }
    })
  }

  function called(call: CallExpression): readonly Values[] {
    const { functionName, argument } = call
    if (functionName === 'count') return sizes(argument).map((size) => ({ ...size, sure: true, many: false }))
    const inner = values(argument)
    if (functionName === 'flatten') {
      return argument.type.levels > 1 ? [{ ...hull(inner), many: inner.length > 1 || inner.some(isMany) }] : inner
    }
    if (functionName === 'set_intersection') return [{ ...hull(inner), many: true }]
    // A list of lists: the function works on each of them. Otherwise on all values together.
    const lists = argument.type.levels > 1 ? inner.map((one) => [one]) : [inner]
    return lists.map((list) => ({ ...reduced(functionName, list), many: false }))
  }

  function reduced(functionName: CallExpression['functionName'], list: readonly Values[]): Omit<Values, 'many'> {
    const all = hull(list)
    const single = list.every((one) => one.sure && !one.many)
    const lows = list.map((one) => one.low)
    const highs = list.map((one) => one.high)
    switch (functionName) {
      case 'sum':
        // The sum of nothing is 0, so there always is one.
        if (single) return { low: lows.reduce(add, 0), high: highs.reduce(add, 0), sure: true }
        return { low: all.low >= 0 ? 0 : ANY.low, high: ANY.high, sure: true }
      case 'stddev':
        return { ...COUNT, sure: all.sure }
      case 'max':
        return single ? { low: Math.max(...lows), high: Math.max(...highs), sure: true } : all
      case 'min':
        return single ? { low: Math.min(...lows), high: Math.min(...highs), sure: true } : all
      default:
        return all
    }
  }

  function hull(list: readonly Values[]): Omit<Values, 'many'> {
    return {
      low: list.reduce((low, one) => Math.min(low, one.low), ANY.high),
      high: list.reduce((high, one) => Math.max(high, one.high), ANY.low),
      // Every match has a player, so not all teams can be empty.
      sure: list.some((one) => one.sure) || list.length >= teamSizes.length,
    }
  }

  function sizes(expression: Expression): readonly Range[] {
    if (expression.kind === 'path') {
      if (expression.property === 'team') return [{ low: expression.teams.length, high: expression.teams.length }]
      return expression.teams.map((team) => {
        const { low, high } = teamSizes[team] ?? COUNT
        // A party may count as one value of an attribute.
        return { low: expression.property === 'attribute' ? Math.min(1, low) : low, high }
      })
    }
    const { functionName, argument } = expression
    if (functionName !== 'flatten') return [COUNT]
    if (argument.type.levels > 1) {
      const teams = sizes(argument)
      const low = teams.reduce((sum, one) => sum + one.low, 0)
      return [
        {
          low: teams.length >= teamSizes.length ? Math.max(1, low) : low,
          high: teams.reduce((sum, one) => sum + one.high, 0),
        },
      ]
    }
    return argument.type.element === 'stringList' ? [COUNT] : sizes(argument)
  }

  return { values, sizes }
}

const isMany = (one: Values) => one.many
const add = (left: number, right: number) => left + right
