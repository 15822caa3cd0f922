/** Which player values a rule set's rules read. Each pair of attribute and party aggregation is one column. */
import type {
  AttributeType,
  ListAggregation,
  NumberAggregation,
  PlayerAttribute,
} from '#lib/flexmatch/rule-set/rule-set.ts'

/** `none`: every player's own value. Strings are never aggregated. */
export type Aggregation = NumberAggregation | ListAggregation | 'none'
export interface Column {
  attribute: string
  declared: PlayerAttribute
  type: AttributeType
  aggregation: Aggregation
}

/** Hands out column numbers while a rule set is compiled. */
export class Columns {
  readonly all: Column[] = []
  readonly #attributes: ReadonlyMap<string, PlayerAttribute>
  readonly #index = new Map<string, number>()
  constructor(attributes: readonly PlayerAttribute[]) {
    this.#attributes = new Map(attributes.map((attribute) => [attribute.name, attribute]))
  }

  /** The column of an attribute under a rule's aggregation. An aggregation that does not suit the type is `none`. */
  of(attribute: string, aggregation: Aggregation): number {
    const declared = this.#attributes.get(attribute)
    if (declared === undefined) throw new Error(`attribute ${JSON.stringify(attribute)} is not declared`)
    const { type } = declared
    const suited = suits(type, aggregation) ? aggregation : 'none'
    const key = `${suited} ${attribute}`
    const known = this.#index.get(key)
    if (known !== undefined) return known
    this.#index.set(key, this.all.length)
    this.all.push({ attribute, declared, type, aggregation: suited })
    return this.all.length - 1
  }
}

function suits(type: AttributeType, aggregation: Aggregation): boolean {
  if (type === 'string_list') return aggregation === 'union' || aggregation === 'intersection'
  const forNumbers = aggregation === 'min' || aggregation === 'max' || aggregation === 'avg'
  return forNumbers && type !== 'string'
}
