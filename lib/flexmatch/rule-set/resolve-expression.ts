import { type Expression, ExpressionError, type ExpressionSyntax, type ExpressionType } from './expression.ts'
import type { PlayerAttribute } from './rule-set.ts'

/** The names an expression can use. */
export interface Scope {
  /** Number of teams after `quantity` is expanded. */
  teamCount: number
  /** By base name and by expanded name. `many` when the name stands for the copies of a `quantity` team. */
  teams: ReadonlyMap<string, { indexes: readonly number[]; many: boolean }>
  attributes: ReadonlyMap<string, PlayerAttribute>
}

/** Looks names up and checks types. Throws ExpressionError. */
export function resolveExpression(syntax: ExpressionSyntax, scope: Scope): Expression {
  if (syntax.kind === 'call') {
    const argument = resolveExpression(syntax.argument, scope)
    const type = resultType(syntax, argument.type)
    return { kind: 'call', functionName: syntax.functionName, argument, type }
  }
  const { teams, grouped } = selectTeams(syntax, scope)
  const path = { kind: 'path' as const, teams, grouped, property: syntax.property, attribute: syntax.attribute }
  const outer = grouped ? 1 : 0
  switch (syntax.property) {
    case 'team':
      return { ...path, type: { levels: outer, element: 'team' } }
    case 'player':
      return { ...path, type: { levels: outer + 1, element: 'player' } }
    case 'playerId':
      return { ...path, type: { levels: outer + 1, element: 'string' } }
    case 'attribute':
      return { ...path, type: { levels: outer + 1, element: attributeElement(syntax, scope) } }
  }
}

function selectTeams(syntax: Extract<ExpressionSyntax, { kind: 'path' }>, scope: Scope) {
  if (syntax.teams === '*') {
    return { teams: Array.from({ length: scope.teamCount }, (_, index) => index), grouped: true }
  }
  const indexes = new Set<number>()
  let grouped = syntax.teams.length > 1
  for (const name of syntax.teams) {
    const named = scope.teams.get(name)
    if (named === undefined) throw new ExpressionError(`there is no team ${JSON.stringify(name)}`, syntax.column)
    for (const index of named.indexes) indexes.add(index)
    if (named.many) grouped = true
  }
  return { teams: [...indexes], grouped }
}

function attributeElement(syntax: Extract<ExpressionSyntax, { kind: 'path' }>, scope: Scope) {
  const name = syntax.attribute ?? ''
  const attribute = scope.attributes.get(name)
  if (attribute === undefined) {
    throw new ExpressionError(`playerAttributes declares no attribute ${JSON.stringify(name)}`, syntax.column)
  }
  switch (attribute.type) {
    case 'number':
    case 'string':
      return attribute.type
    case 'string_list':
      return 'stringList' as const
    case 'string_number_map':
      throw new ExpressionError(
        `${JSON.stringify(name)} is a string_number_map; only sort rules can use a map`,
        syntax.column,
      )
  }
}

function resultType(call: Extract<ExpressionSyntax, { kind: 'call' }>, input: ExpressionType): ExpressionType {
  const refuse = (needs: string) =>
    new ExpressionError(`${call.functionName} needs ${needs}, but this is ${describeType(input)}`, call.column)
  switch (call.functionName) {
    case 'min':
    case 'max':
    case 'avg':
    case 'median':
    case 'sum':
    case 'stddev':
      if (input.element !== 'number' || input.levels === 0) throw refuse('a list of numbers')
      return { levels: input.levels - 1, element: 'number' }
    case 'count':
      if (input.levels === 0 && input.element !== 'stringList') throw refuse('a list')
      return { levels: Math.max(0, input.levels - 1), element: 'number' }
    case 'flatten':
      if (input.levels === 0 && input.element !== 'stringList') throw refuse('a list')
      if (input.levels > 1) return { levels: input.levels - 1, element: input.element }
      if (input.levels === 1 && input.element === 'stringList') return { levels: 1, element: 'string' }
      return input
    case 'set_intersection':
      if (input.element === 'stringList' && input.levels >= 1) return { ...input, levels: input.levels - 1 }
      // A list of lists of plain strings (for example the player ids of every team) is a list of string lists as well.
      if (input.element === 'string' && input.levels >= 2) return { levels: input.levels - 2, element: 'stringList' }
      throw refuse('a list of string lists')
  }
}

export function describeType({ levels, element }: ExpressionType): string {
  const words = { number: 'number', string: 'string', stringList: 'string list', player: 'player', team: 'team' }
  if (levels === 0) return `a single ${words[element]}`
  return `a list ${'of lists '.repeat(levels - 1)}of ${words[element]}s`
}
