/** Turns property expressions into functions over a candidate set. No text is ever run as code: closures only. */
import type { CallExpression, Expression, FunctionName, PathExpression } from '#lib/flexmatch/rule-set/expression.ts'
import type { CandidateSet } from './candidate-set.ts'
import type { PlayerValue } from './ticket-facts.ts'

/** undefined: a function had nothing to work on; whatever compares it is skipped. A map never reaches a rule. */
export type Value = number | string | undefined | readonly Value[]
export type Evaluate = (set: CandidateSet) => Value
/** The column in which an attribute is found, under the aggregation of the rule that reads it. */
export type ColumnOf = (attribute: string) => number

export function compileExpression(expression: Expression, columnOf: ColumnOf): Evaluate {
  if (expression.kind === 'path') return compilePath(expression, columnOf)
  return (
    compileCountOfPlayers(expression) ??
    compileNumberReduction(expression, columnOf) ??
    compileCall(expression, columnOf)
  )
}

function compilePath(path: PathExpression, columnOf: ColumnOf): Evaluate {
  const column = path.attribute === null ? -1 : columnOf(path.attribute)
  const ofTeam = (set: CandidateSet, team: number): Value => {
    const groups = set.groups[team] ?? []
    switch (path.property) {
      case 'team':
        return team
      case 'player':
      case 'playerId':
        return groups.flatMap((group) => group.playerIds)
      case 'attribute':
        return groups.flatMap(
          (group) =>
            (group.columns[column]?.values ?? []) as readonly Exclude<PlayerValue, Map<string, number>>[] as Value[],
        )
    }
  }
  const { teams, grouped } = path
  const [only] = teams
  if (!grouped && only !== undefined) return (set) => ofTeam(set, only)
  return (set) => teams.map((team) => ofTeam(set, team))
}

/** Whether every single value an expression yields passes; a missing value neither passes nor fails. */
export type Every = (set: CandidateSet, passes: (scalar: number | string) => boolean) => boolean

/** The values of an attribute are visited where they are; for anything else the expression is evaluated first. */
export function compileEvery(expression: Expression, columnOf: ColumnOf): Every {
  const path = listedTeams(expression)?.path ?? (expression.kind === 'path' ? expression : null)
  const scalar = path?.type.element === 'number' || path?.type.element === 'string'
  if (path === null || path.attribute === null || !scalar) {
    const evaluate = compileExpression(expression, columnOf)
    return (set, passes) => everyScalar(evaluate(set), passes)
  }
  const column = columnOf(path.attribute)
  return (set, passes) => {
    for (const team of path.teams) {
      for (const group of set.groups[team] ?? []) {
        for (const value of group.columns[column]?.values ?? []) {
          if ((typeof value === 'number' || typeof value === 'string') && !passes(value)) return false
        }
      }
    }
    return true
  }
}

function everyScalar(value: Value, passes: (scalar: number | string) => boolean): boolean {
  if (value === undefined) return true
  if (typeof value === 'object') return value.every((one) => everyScalar(one, passes))
  return passes(value)
}

/** The teams whose values an expression puts into one plain list; null when it is no such list. */
export function listedTeams(expression: Expression): { path: PathExpression; teams: readonly number[] } | null {
  if (expression.kind === 'path') return expression.grouped ? null : { path: expression, teams: expression.teams }
  if (expression.functionName !== 'flatten' || expression.argument.kind !== 'path') return null
  const path = expression.argument
  // Flattening an ungrouped list of string lists takes the lists apart, so it is another list.
  if (!path.grouped && path.type.element === 'stringList') return null
  return { path, teams: path.teams }
}

function compileCountOfPlayers(call: CallExpression): Evaluate | null {
  if (!isCountOfPlayers(call)) return null
  const list = listedTeams(call.argument)
  if (list?.path.property === 'player') {
    return (set) => list.teams.reduce((total, team) => total + (set.sizes[team] ?? 0), 0)
  }
  const { teams } = call.argument as PathExpression
  return (set) => teams.map((team) => set.sizes[team] ?? 0)
}

/** Whether totals of teams are all that evaluating an expression takes. */
export function readsTotals(expression: Expression): boolean {
  if (expression.kind === 'path') return false
  return isCountOfPlayers(expression) || reducedPath(expression) !== null || readsTotals(expression.argument)
}

function isCountOfPlayers({ functionName, argument }: CallExpression): boolean {
  if (functionName !== 'count') return false
  return (
    listedTeams(argument)?.path.property === 'player' || (argument.kind === 'path' && argument.property === 'player')
  )
}

/** The attribute of numbers that a function is applied to directly; null when it is no such function. */
function reducedPath({ functionName, argument }: CallExpression): PathExpression | null {
  const path = listedTeams(argument)?.path ?? (argument.kind === 'path' ? argument : null)
  if (path === null || path.property !== 'attribute' || path.type.element !== 'number') return null
  return groupReductions.has(functionName) && path.attribute !== null ? path : null
}

/** Sums, extremes and averages of an attribute come from what each group already knows, without building lists. */
function compileNumberReduction(call: CallExpression, columnOf: ColumnOf): Evaluate | null {
  const path = reducedPath(call)
  const reduce = groupReductions.get(call.functionName)
  if (path === null || path.attribute === null || reduce === undefined) return null
  const list = listedTeams(call.argument)
  const column = columnOf(path.attribute)
  if (list !== null) return (set) => reduce(set, list.teams, column)
  const each = path.teams.map((team) => [team])
  return (set) => each.map((team) => reduce(set, team, column))
}

type GroupReduction = (set: CandidateSet, teams: readonly number[], column: number) => number | undefined
const groupReductions = new Map<FunctionName, GroupReduction>([
  ['min', (set, teams, column) => extreme(set, teams, column, 'min')],
  ['max', (set, teams, column) => extreme(set, teams, column, 'max')],
  ['sum', (set, teams, column) => sumAndCount(set, teams, column).sum],
  ['count', (set, teams, column) => sumAndCount(set, teams, column).count],
  [
    'avg',
    (set, teams, column) => {
      const { sum, count } = sumAndCount(set, teams, column)
      return count === 0 ? undefined : sum / count
    },
  ],
])

function sumAndCount(set: CandidateSet, teams: readonly number[], column: number): { sum: number; count: number } {
  let sum = 0
  let count = 0
  const { totals } = set
  if (totals !== null) {
    for (const team of teams) {
      sum += totals.sums[totals.at(team, column)]!
      count += totals.counts[totals.at(team, column)]!
    }
    return { sum, count }
  }
  for (const team of teams) {
    for (const group of set.groups[team] ?? []) {
      const values = group.columns[column]
      if (values === undefined) continue
      sum += values.sum
      count += values.values.length
    }
  }
  return { sum, count }
}

function extreme(
  set: CandidateSet,
  teams: readonly number[],
  column: number,
  which: 'min' | 'max',
): number | undefined {
  let found: number | undefined
  const { totals } = set
  if (totals !== null) {
    for (const team of teams) {
      const at = totals.at(team, column)
      if (totals.counts[at] === 0) continue
      const value = which === 'min' ? totals.mins[at]! : totals.maxs[at]!
      if (found === undefined || (which === 'min' ? value < found : value > found)) found = value
    }
    return found
  }
  for (const team of teams) {
    for (const group of set.groups[team] ?? []) {
      const values = group.columns[column]
      if (values === undefined || values.values.length === 0) continue
      const value = values[which]
      if (found === undefined || (which === 'min' ? value < found : value > found)) found = value
    }
  }
  return found
}

/** How many list levels a function consumes; deeper lists are taken apart and the function applied to each part. */
function compileCall(call: CallExpression, columnOf: ColumnOf): Evaluate {
  const argument = compileExpression(call.argument, columnOf)
  const { functionName } = call
  const { levels, element } = call.argument.type
  if (functionName === 'flatten') {
    if (levels > 1 || (levels === 1 && element === 'stringList')) return (set) => list(argument(set)).flatMap(list)
    return argument
  }
  if (functionName === 'set_intersection') {
    const surplus = levels - (element === 'stringList' ? 1 : 2)
    return (set) => atDepth(argument(set), surplus, (lists) => intersection(list(lists).map(list)))
  }
  return (set) => atDepth(argument(set), Math.max(0, levels - 1), (values) => reduceList(functionName, list(values)))
}

function atDepth(value: Value, depth: number, apply: (value: Value) => Value): Value {
  return depth === 0 ? apply(value) : list(value).map((one) => atDepth(one, depth - 1, apply))
}

function list(value: Value): readonly Value[] {
  return typeof value === 'object' ? value : []
}

function intersection(lists: readonly (readonly Value[])[]): Value[] {
  const [first, ...others] = lists
  if (first === undefined) return []
  const sets = others.map((one) => new Set(one))
  return [...new Set(first)].filter((value) => sets.every((one) => one.has(value)))
}

function reduceList(
  functionName: Exclude<FunctionName, 'flatten' | 'set_intersection'>,
  values: readonly Value[],
): Value {
  if (functionName === 'count') return values.length
  const numbers = values.filter((value) => typeof value === 'number')
  const sum = numbers.reduce((total, value) => total + value, 0)
  if (functionName === 'sum') return sum
  if (numbers.length === 0) return undefined
  switch (functionName) {
    case 'min':
      return Math.min(...numbers)
    case 'max':
      return Math.max(...numbers)
    case 'avg':
      return sum / numbers.length
    case 'median': {
      const sorted = numbers.toSorted((one, other) => one - other)
      const upper = sorted[Math.floor(sorted.length / 2)] ?? 0
      return sorted.length % 2 === 1 ? upper : ((sorted[sorted.length / 2 - 1] ?? 0) + upper) / 2
    }
    case 'stddev': {
      const mean = sum / numbers.length
      return Math.sqrt(numbers.reduce((total, value) => total + (value - mean) ** 2, 0) / numbers.length)
    }
  }
}
