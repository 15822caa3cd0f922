/** Property expressions over a placed match, as trees: arrays are lists, a Strings is one string list as a value. */
import type { Expression, ExpressionType } from '#lib/flexmatch/rule-set/expression.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { PlacedPlayer, Question } from './check-match.ts'

export class Strings {
  readonly list: readonly string[]
  constructor(list: readonly string[]) {
    this.list = list
  }
}
export type Tree = number | string | Strings | undefined | Tree[]
export type PartyAggregation = 'min' | 'max' | 'avg' | 'union' | 'intersection' | 'none'

/** The values rules see for one attribute, per player as placed; undefined for the players a party value stands for. */
export function attributeValues(
  attribute: string,
  aggregation: PartyAggregation,
  placed: readonly PlacedPlayer[],
  { ruleSet, options }: Pick<Question, 'ruleSet' | 'options'>,
): Map<PlacedPlayer, number | string | Strings> {
  const values = new Map<PlacedPlayer, number | string | Strings>()
  for (const player of placed) {
    const own = ownValue(player, attribute, ruleSet)
    const { ticket } = player
    const isParty = ticket.backfill === null && ticket.players.length > 1
    const alone = !isParty || typeof own === 'string' || aggregation === 'none'
    if (alone) values.set(player, own)
    else if (options.partyValueWeight === 'player' || player.index === 0) {
      const all = ticket.players.map((_, index) => ownValue({ ...player, index }, attribute, ruleSet))
      values.set(player, partyValue(all, aggregation))
    }
  }
  return values
}

function ownValue(
  { ticket, index }: PlacedPlayer,
  attribute: string,
  { playerAttributes }: RuleSet,
): number | string | Strings {
  const declared = playerAttributes.find(({ name }) => name === attribute)
  const value = ticket.players[index]?.attributes[attribute] ?? declared?.default
  if (value?.SL) return new Strings(value.SL)
  return value?.N ?? value?.S ?? Number.NaN
}

function partyValue(all: readonly (number | string | Strings)[], aggregation: PartyAggregation): number | Strings {
  if (all[0] instanceof Strings) {
    const lists = all.flatMap((value) => (value instanceof Strings ? [value.list] : []))
    const every = [...new Set(lists.flat())]
    return new Strings(
      aggregation === 'intersection' ? every.filter((one) => lists.every((list) => list.includes(one))) : every,
    )
  }
  const numbers = all.map(Number)
  if (aggregation === 'min') return Math.min(...numbers)
  if (aggregation === 'max') return Math.max(...numbers)
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length
}

export function expressionValue(
  expression: Expression,
  aggregation: PartyAggregation,
  placed: readonly PlacedPlayer[],
  question: Pick<Question, 'ruleSet' | 'options'>,
): Tree {
  if (expression.kind === 'call') {
    const inner = expressionValue(expression.argument, aggregation, placed, question)
    return applied(expression.functionName, inner, expression.argument.type)
  }
  const { attribute } = expression
  const values = attribute === null ? null : attributeValues(attribute, aggregation, placed, question)
  const perTeam = expression.teams.map((index): Tree => {
    const name = question.ruleSet.teams[index]?.name
    if (expression.property === 'team') return name
    const players = placed.filter(({ team }) => team === name)
    if (values === null) return players.map(({ ticket, index }) => ticket.players[index]?.playerId)
    return players.flatMap((player) => (values.has(player) ? [values.get(player)] : []))
  })
  return expression.grouped ? perTeam : perTeam[0]
}

function applied(name: string, value: Tree, type: ExpressionType): Tree {
  const items = Array.isArray(value) ? value : []
  if (name === 'flatten') {
    if (type.levels >= 2) return items.flat(1) as Tree[]
    if (type.levels === 1 && type.element === 'stringList')
      return items.flatMap((one) => (one instanceof Strings ? one.list : []))
    return value
  }
  if (name === 'set_intersection') {
    const listLevels = type.element === 'stringList' ? type.levels : type.levels - 1
    if (listLevels > 1) return items.map((one) => applied(name, one, { ...type, levels: type.levels - 1 }))
    const lists = items.map((one) => (one instanceof Strings ? one.list : (one as string[])))
    return new Strings([...new Set(lists[0] ?? [])].filter((one) => lists.every((list) => list.includes(one))))
  }
  if (value instanceof Strings) return value.list.length
  if (type.levels > 1) return items.map((one) => applied(name, one, { ...type, levels: type.levels - 1 }))
  if (name === 'count') return items.length
  const numbers = items.filter((one) => one !== undefined).map(Number)
  const sum = numbers.reduce((total, one) => total + one, 0)
  const mean = sum / numbers.length
  if (name === 'sum') return sum
  if (numbers.length === 0) return undefined
  if (name === 'min') return Math.min(...numbers)
  if (name === 'max') return Math.max(...numbers)
  if (name === 'avg') return mean
  if (name === 'stddev')
    return Math.sqrt(numbers.reduce((total, one) => total + (one - mean) * (one - mean), 0) / numbers.length)
  const sorted = numbers.sort((one, other) => one - other)
  const middle = sorted.length / 2
  return sorted.length % 2 ? sorted[Math.floor(middle)] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
