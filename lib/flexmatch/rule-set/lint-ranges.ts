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
  /**
   * What the values of these measurements can be, each different possibility once: a rule has up to thousands of
   * measurements and is judged once per expansion step, but there are few possibilities.
   */
  possibilities(measurements: readonly Expression[]): readonly Possibility[]
  /** The smallest and the largest of the most elements that the lists of these measurements can have. */
  mostElements(measurements: readonly Expression[]): Range
}
export interface Possibility extends Values {
  /** A single value: the text of its expression, alike for those written alike. Otherwise empty. */
  written: string
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

  const possible = new Map<readonly Expression[], readonly Possibility[]>()
  function possibilities(measurements: readonly Expression[]): readonly Possibility[] {
    const before = possible.get(measurements)
    if (before !== undefined) return before
    const distinct = new Map<string, Possibility>()
    for (const measurement of measurements) {
      const written = measurement.type.levels === 0 ? writtenAs(measurement) : ''
      for (const value of values(measurement)) {
        distinct.set(`${value.low} ${value.high} ${value.sure} ${value.many} ${written}`, { ...value, written })
      }
    }
    const result = [...distinct.values()]
    possible.set(measurements, result)
    return result
  }

  const most = new Map<readonly Expression[], Range>()
  function mostElements(measurements: readonly Expression[]): Range {
    const before = most.get(measurements)
    if (before !== undefined) return before
    const result = { low: ANY.high, high: 0 }
    for (const measurement of measurements) {
      // One plain list of strings that is no list of players can have any number of elements.
      for (const { high } of measurement.type.levels === 0 ? [COUNT] : sizes(measurement)) {
        result.low = Math.min(result.low, high)
        result.high = Math.max(result.high, high)
      }
    }
    most.set(measurements, result)
    return result
  }

  return { values, sizes, possibilities, mostElements }
}

export const writtenAs = (expression: Expression): string => JSON.stringify(expression)

const isMany = (one: Values) => one.many
const add = (left: number, right: number) => left + right
