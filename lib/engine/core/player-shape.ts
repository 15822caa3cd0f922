/**
 * Players send the same attributes, of the same types, and the same Regions again and again. What is the same is their
 * shape; a player keeps only the bare values in the shape's order, a third of the memory of the request's objects.
 */

export type Member = 'S' | 'N' | 'SL' | 'SDM'
/** `attributes` and `latencies` say that some were sent, if only none; `key` belongs to the map before it. */
type Kind = 'attributes' | Member | 'key' | 'latencies' | 'region'

/** Where the values are. Sorted by name, as a journal may hand the same request back with its keys in another order. */
export interface Layout {
  attributes: readonly AttributePlace[] | null
  latencies: readonly Place[] | null
}
export interface Place {
  name: string
  /** Index of the value; a map has one per key instead. */
  at: number
}
export interface AttributePlace extends Place {
  member: Member
  keys: Place[]
}

/** Then it begins anew, for a caller may send attributes of ever new names. Players keep the shape they have. */
const MOST_SHAPES = 10_000
let known = 0
let empty: PlayerShape | null = null

/** A shape knows the shapes that have one thing more, so equal requests lead to the same one. */
export class PlayerShape {
  readonly #parent: PlayerShape | null
  readonly #kind: Kind | null
  readonly #name: string
  #next: Map<string, PlayerShape> | null = null
  /** Another shape with the parent's things, and a thing of this name but of another kind. */
  #sibling: PlayerShape | null = null
  /** The one asked for last. */
  #last: PlayerShape | null = null
  #layout: Layout | null = null
  #canonical: { shape: PlayerShape; order: readonly number[] } | null = null

  private constructor(parent: PlayerShape | null, kind: Kind | null, name: string) {
    this.#parent = parent
    this.#kind = kind
    this.#name = name
  }

  /** The shape of a player of whom nothing is known. */
  static none(): PlayerShape {
    if (known > MOST_SHAPES) {
      empty = null
      known = 0
    }
    empty ??= new PlayerShape(null, null, '')
    return empty
  }

  with(kind: Kind, name = ''): PlayerShape {
    const last = this.#last
    if (last !== null && last.#name === name && last.#kind === kind) return last
    this.#next ??= new Map()
    const first = this.#next.get(name) ?? null
    let found = first
    while (found !== null && found.#kind !== kind) found = found.#sibling
    if (found === null) {
      found = new PlayerShape(this, kind, name)
      found.#sibling = first
      this.#next.set(name, found)
      known++
    }
    this.#last = found
    return found
  }

  /** The shape that has the same things sorted by name, and where its values are among those of this one. */
  get canonical(): { shape: PlayerShape; order: readonly number[] } {
    this.#canonical ??= this.#sort()
    return this.#canonical
  }

  #sort(): { shape: PlayerShape; order: number[] } {
    const { attributes, latencies } = this.layout
    const order: number[] = []
    let shape: PlayerShape = this
    while (shape.#parent) shape = shape.#parent
    if (attributes) shape = shape.with('attributes')
    for (const { member, name, at, keys } of attributes ?? []) {
      shape = shape.with(member, name)
      if (member !== 'SDM') order.push(at)
      for (const key of keys) {
        shape = shape.with('key', key.name)
        order.push(key.at)
      }
    }
    if (latencies) shape = shape.with('latencies')
    for (const { name, at } of latencies ?? []) {
      shape = shape.with('region', name)
      order.push(at)
    }
    return { shape, order }
  }

  get layout(): Layout {
    this.#layout ??= this.#readPath()
    return this.#layout
  }

  #readPath(): Layout {
    const path: PlayerShape[] = []
    for (let shape: PlayerShape = this; shape.#parent; shape = shape.#parent) path.push(shape)
    let attributes: AttributePlace[] | null = null
    let latencies: Place[] | null = null
    let at = 0
    for (const { kind, name } of path.reverse().map((shape) => ({ kind: shape.#kind, name: shape.#name }))) {
      if (kind === 'attributes') attributes = []
      else if (kind === 'latencies') latencies = []
      else if (kind === 'region') latencies!.push({ name, at: at++ })
      else if (kind === 'key') attributes!.at(-1)!.keys.push({ name, at: at++ })
      else if (kind === 'SDM') attributes!.push({ name, at, member: kind, keys: [] })
      else if (kind) attributes!.push({ name, at: at++, member: kind, keys: [] })
    }
    for (const { keys } of attributes ?? []) keys.sort(byName)
    return { attributes: attributes?.sort(byName) ?? null, latencies: latencies?.sort(byName) ?? null }
  }
}

function byName(a: Place, b: Place): number {
  return a.name < b.name ? -1 : 1
}
