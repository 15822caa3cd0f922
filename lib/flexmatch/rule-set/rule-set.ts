/** A FlexMatch rule set that has been read and checked. Every name is resolved; nothing here is a guess. */
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'
import type { Expression } from './expression.ts'

export type AttributeType = 'string' | 'number' | 'string_list' | 'string_number_map'
export interface PlayerAttribute {
  name: string
  type: AttributeType
  /** Stands in for a value a player did not send, also in rules. Absent: a ticket without the value never matches. */
  default?: AttributeValue
}

/** A team after `quantity` is expanded: `squad` with quantity 3 gives `squad_1`, `squad_2`, `squad_3`. */
export interface Team {
  name: string
  baseName: string
  minPlayers: number
  maxPlayers: number
}

export interface Algorithm {
  strategy: 'exhaustiveSearch' | 'balanced'
  batchingPreference: 'random' | 'sorted' | 'largestPopulation' | 'fastestRegion'
  balancedAttribute: string | null
  sortByAttributes: readonly string[]
  backfillPriority: 'normal' | 'high' | 'low'
  /** Which ticket of a candidate match gives its age. */
  expansionAgeSelection: 'newest' | 'oldest'
}

export type NumberAggregation = 'min' | 'max' | 'avg'
export type ListAggregation = 'union' | 'intersection'
export type ComparisonOperation = '<' | '<=' | '=' | '!=' | '>' | '>='

export type NumberReference = { kind: 'number'; value: number } | { kind: 'expression'; expression: Expression }
export type ComparisonReference = NumberReference | { kind: 'string'; value: string }
export type CollectionReference =
  | { kind: 'string'; value: string }
  | { kind: 'strings'; value: readonly string[] }
  | { kind: 'expression'; expression: Expression }
export type Reference = ComparisonReference | CollectionReference

export interface ComparisonRule {
  type: 'comparison'
  name: string
  measurements: readonly Expression[]
  referenceValue: ComparisonReference | null
  operation: ComparisonOperation
  partyAggregation: NumberAggregation
}
export interface DistanceRule {
  type: 'distance'
  name: string
  measurements: readonly Expression[]
  referenceValue: NumberReference
  minDistance: number | null
  maxDistance: number | null
  partyAggregation: NumberAggregation
}
export interface BatchDistanceRule {
  type: 'batchDistance'
  name: string
  batchAttribute: string
  /** null for a string attribute, where all values must be equal. */
  maxDistance: number | null
  partyAggregation: NumberAggregation
}
export interface CollectionRule {
  type: 'collection'
  name: string
  measurements: readonly Expression[]
  operation: 'intersection' | 'contains' | 'reference_intersection_count'
  /** null for `intersection`. */
  referenceValue: CollectionReference | null
  minCount: number | null
  maxCount: number | null
  partyAggregation: ListAggregation
}
export interface LatencyRule {
  type: 'latency'
  name: string
  maxLatency: number | null
  maxDistance: number | null
  distanceReference: 'min' | 'avg' | null
  partyAggregation: NumberAggregation
}
export interface SortRule {
  type: 'absoluteSort' | 'distanceSort'
  name: string
  sortDirection: 'ascending' | 'descending'
  sortAttribute: string
  mapKey: 'minValue' | 'maxValue' | null
  partyAggregation: NumberAggregation
}
export interface CompoundRule {
  type: 'compound'
  name: string
  statement: Statement
}
/** `rule` is an index into `RuleSet.rules`, always smaller than the compound's own. */
export type Statement =
  | { kind: 'rule'; rule: number }
  | { kind: 'not'; operand: Statement }
  | { kind: 'and' | 'or' | 'xor'; left: Statement; right: Statement }

export type Rule =
  | ComparisonRule
  | DistanceRule
  | BatchDistanceRule
  | CollectionRule
  | LatencyRule
  | SortRule
  | CompoundRule

export interface ExpansionStep<Value> {
  waitTimeSeconds: number
  value: Value
}
/** `teams` and `rule` are indexes into the rule set's own arrays. Steps are in order of time; values are absolute. */
export type Expansion =
  | { kind: 'team'; teams: readonly number[]; property: 'minPlayers' | 'maxPlayers'; steps: ExpansionStep<number>[] }
  | { kind: 'ruleNumber'; rule: number; property: NumberProperty; steps: ExpansionStep<number>[] }
  | { kind: 'ruleReference'; rule: number; property: 'referenceValue'; steps: ExpansionStep<Reference>[] }
export type NumberProperty = 'minDistance' | 'maxDistance' | 'maxLatency' | 'minCount' | 'maxCount'

export interface RuleSet {
  /** A label without meaning; null when the body has none. */
  name: string | null
  playerAttributes: readonly PlayerAttribute[]
  teams: readonly Team[]
  algorithm: Algorithm
  rules: readonly Rule[]
  expansions: readonly Expansion[]
  /** Small: at most 40 players by the written team sizes. Large: 41 to 200. */
  size: 'small' | 'large'
}
