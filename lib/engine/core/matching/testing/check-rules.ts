import type { PoolTicket } from '#lib/engine/core/contract.ts'
import type {
  CollectionRule,
  ComparisonRule,
  DistanceRule,
  LatencyRule,
  Rule,
  Statement,
} from '#lib/flexmatch/rule-set/rule-set.ts'
import type { PlacedPlayer, Question } from './check-match.ts'
import { attributeValues, expressionValue, Strings, type Tree } from './check-values.ts'

/** Averages of the same numbers in another order may differ in the last digits. */
const SLACK = 1e-9

export interface Verdict {
  name: string
  holds: boolean
  /** Whether the rule must hold on its own. */
  enforced: boolean
}

export function ruleVerdicts(
  tickets: readonly PoolTicket[],
  placed: readonly PlacedPlayer[],
  rules: readonly Rule[],
  question: Question,
): Verdict[] {
  const leaves = new Set(rules.flatMap((rule) => (rule.type === 'compound' ? leavesOf(rule.statement) : [])))
  const verdict = (index: number): boolean => {
    const rule = rules[index]
    switch (rule?.type) {
      case 'comparison':
        return comparison(rule, placed, question)
      case 'distance':
        return distance(rule, placed, question)
      case 'collection':
        return collection(rule, placed, question)
      case 'latency':
        return latency(rule, tickets, question)
      case 'batchDistance': {
        const values = [...attributeValues(rule.batchAttribute, rule.partyAggregation, placed, question).values()]
        if (rule.maxDistance === null) return new Set(values).size <= 1
        const numbers = values.map(Number)
        return numbers.length === 0 || Math.max(...numbers) - Math.min(...numbers) <= rule.maxDistance + SLACK
      }
      case 'compound':
        return truth(rule.statement, verdict)
      default:
        return true
    }
  }
  return rules.map(({ name }, index) => ({ name, holds: verdict(index), enforced: !leaves.has(index) }))
}

function leavesOf(statement: Statement): number[] {
  if (statement.kind === 'rule') return [statement.rule]
  return statement.kind === 'not'
    ? leavesOf(statement.operand)
    : [...leavesOf(statement.left), ...leavesOf(statement.right)]
}

function truth(statement: Statement, verdict: (rule: number) => boolean): boolean {
  if (statement.kind === 'rule') return verdict(statement.rule)
  if (statement.kind === 'not') return !truth(statement.operand, verdict)
  const [left, right] = [truth(statement.left, verdict), truth(statement.right, verdict)]
  return statement.kind === 'and' ? left && right : statement.kind === 'or' ? left || right : left !== right
}

function leafValues(tree: Tree): (number | string)[] {
  if (Array.isArray(tree)) return tree.flatMap(leafValues)
  return typeof tree === 'number' || typeof tree === 'string' ? [tree] : []
}

function comparison(rule: ComparisonRule, placed: readonly PlacedPlayer[], question: Question): boolean {
  const { operation, referenceValue, measurements } = rule
  const aggregation = operation === '!=' && referenceValue === null ? 'none' : rule.partyAggregation
  if (question.options.stringPartyAggregation === 'failParties' && readsStringsOfParties(rule, placed, question))
    return false
  const trees = measurements.map((one) => expressionValue(one, aggregation, placed, question))
  if (referenceValue === null) {
    const groups: (number | string)[][] = [[]]
    for (const tree of trees) {
      if (Array.isArray(tree) && tree.some(Array.isArray)) groups.push(...tree.map(leafValues))
      else groups[0]?.push(...leafValues(tree))
    }
    return groups.every((group) =>
      operation === '=' ? new Set(group).size <= 1 : new Set(group).size === group.length,
    )
  }
  const reference =
    referenceValue.kind === 'expression'
      ? expressionValue(referenceValue.expression, aggregation, placed, question)
      : referenceValue.value
  if (reference === undefined) return true
  return leafValues(trees).every((value) => {
    if (typeof value === 'string' || typeof reference === 'string') return (value === reference) === (operation === '=')
    const difference = value - Number(reference)
    if (operation === '=') return Math.abs(difference) <= SLACK
    if (operation === '!=') return difference !== 0
    if (operation === '<' || operation === '<=') return operation === '<' ? difference < 0 : difference <= SLACK
    return operation === '>' ? difference > 0 : difference >= -SLACK
  })
}

function readsStringsOfParties(
  { measurements }: ComparisonRule,
  placed: readonly PlacedPlayer[],
  { ruleSet }: Question,
) {
  return measurements.some((measurement) => {
    let path = measurement
    while (path.kind === 'call') path = path.argument
    const names = path.teams.map((index) => ruleSet.teams[index]?.name)
    if (measurement.type.element !== 'string' || path.property !== 'attribute') return false
    return placed.some(({ ticket, team }) => !ticket.backfill && ticket.players.length > 1 && names.includes(team))
  })
}

function distance(rule: DistanceRule, placed: readonly PlacedPlayer[], question: Question): boolean {
  const { referenceValue, partyAggregation } = rule
  const reference =
    referenceValue.kind === 'expression'
      ? expressionValue(referenceValue.expression, partyAggregation, placed, question)
      : referenceValue.value
  if (typeof reference !== 'number') return true
  return rule.measurements
    .flatMap((one) => leafValues(expressionValue(one, partyAggregation, placed, question)))
    .every((value) => {
      const apart = Math.abs(Number(value) - reference)
      const farEnough = rule.minDistance === null || apart >= rule.minDistance - SLACK
      return farEnough && (rule.maxDistance === null || apart <= rule.maxDistance + SLACK)
    })
}

function collection(rule: CollectionRule, placed: readonly PlacedPlayer[], question: Question): boolean {
  const { referenceValue, operation, partyAggregation } = rule
  const within = (count: number) => (rule.minCount ?? 0) <= count && (rule.maxCount === null || count <= rule.maxCount)
  const reference =
    referenceValue?.kind === 'expression'
      ? strings(expressionValue(referenceValue.expression, partyAggregation, placed, question))
      : [referenceValue?.value ?? []].flat()
  const test = (tree: Tree): boolean => {
    if (Array.isArray(tree) && tree.some(Array.isArray)) return tree.every(test)
    const items = Array.isArray(tree) ? tree : [tree]
    const areCollections = items.length > 0 && items.every((item) => item instanceof Strings)
    const collections = areCollections && Array.isArray(tree) ? items.map(strings) : [strings(tree)]
    if (operation === 'contains') {
      const wanted = reference[0]
      if (areCollections && Array.isArray(tree))
        return within(collections.filter((one) => one.includes(String(wanted))).length)
      return within(strings(tree).filter((one) => one === wanted).length)
    }
    if (operation === 'intersection') {
      return within(
        [...new Set(collections[0])].filter((one) => collections.every((list) => list.includes(one))).length,
      )
    }
    return collections.every((one) => within([...new Set(one)].filter((value) => reference.includes(value)).length))
  }
  return rule.measurements.every((measurement) => {
    const tree = expressionValue(measurement, partyAggregation, placed, question)
    // A team without players has no collections, so there is nothing to compare.
    const { levels, element } = measurement.type
    const lists = element === 'stringList' ? levels : 0
    if (lists > 0 && operation !== 'contains') {
      if (lists === 1 && Array.isArray(tree) && tree.length === 0) return true
      if (lists === 2) return (tree as Tree[]).filter((team) => Array.isArray(team) && team.length > 0).every(test)
    }
    return lists === 2 ? (tree as Tree[]).every(test) : test(tree)
  })
}

function strings(tree: Tree): string[] {
  if (tree instanceof Strings) return [...tree.list]
  if (Array.isArray(tree)) return tree.flatMap(strings)
  return typeof tree === 'string' ? [tree] : []
}

function latency(rule: LatencyRule, tickets: readonly PoolTicket[], { options }: Question): boolean {
  const aggregate = (ticket: PoolTicket, region: string): number[] | null => {
    const values = ticket.players.map(({ latencyMs }) => latencyMs?.[region])
    const known = values.filter((value) => value !== undefined)
    if (known.length < values.length) return null
    if (ticket.backfill !== null || known.length === 1) return known
    const one = {
      min: Math.min(...known),
      max: Math.max(...known),
      avg: known.reduce((sum, value) => sum + value, 0) / known.length,
    }
    const value = one[rule.partyAggregation]
    return options.partyValueWeight === 'ticket' ? [value] : known.map(() => value)
  }
  const everywhere = new Set(
    tickets.flatMap(({ players, backfill }) => [
      ...(backfill?.region ? [backfill.region] : []),
      ...players.flatMap(({ latencyMs }) => Object.keys(latencyMs ?? {})),
    ]),
  )
  const usable = (ticket: PoolTicket, region: string): boolean => {
    if (ticket.backfill && ticket.backfill.region !== null && ticket.backfill.region !== region) return false
    const values = aggregate(ticket, region)
    return !!values?.every((value) => rule.maxLatency === null || value <= rule.maxLatency + SLACK)
  }
  const regions = [...everywhere]
  const anywhere = (ticket: PoolTicket) =>
    ticket.players.length === 0 || regions.some((region) => usable(ticket, region))
  if (!tickets.every(anywhere)) return false
  const common = regions.filter((region) => tickets.every((ticket) => usable(ticket, region)))
  if (common.length === 0) return !options.latency.requireCommonRegion
  if (rule.maxDistance === null) return true
  const { maxDistance } = rule
  return common.some((region) => {
    const values = tickets.flatMap((ticket) => aggregate(ticket, region) ?? [])
    const from =
      rule.distanceReference === 'min' ? Math.min(...values) : values.reduce((sum, one) => sum + one, 0) / values.length
    return values.every((value) => Math.abs(value - from) <= maxDistance + SLACK)
  })
}
