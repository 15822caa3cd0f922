/** One player of a ticket or of a session's roster. */
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'
import { type AttributePlace, type Member, type Place, PlayerShape } from './player-shape.ts'
import { sharedList, sharedText } from './shared-values.ts'

export type PlayerValues = readonly (string | number | readonly string[])[]

/** What a player says of itself. Keys in any order; one member per attribute. */
export interface PlayerFacts {
  playerId: string
  /** null: not sent. An empty map that was sent is echoed. */
  attributes: Record<string, AttributeValue> | null
  latencyMs: Record<string, number> | null
  /** From the start in a backfill ticket, from completion in others. */
  team: string | null
}

/** Strings of a list that are compared one by one. */
const FEW = 16
/** Where a player's values are gathered before their number is known. Never emptied: it would be made anew each time. */
const gathered: (string | number | readonly string[])[] = []
let count = 0

export class PlayerState {
  readonly playerId: string
  team: string | null
  /** Sorted by name, and what its places hold. */
  readonly shape: PlayerShape
  readonly values: PlayerValues

  private constructor(playerId: string, team: string | null, shape: PlayerShape, values: PlayerValues) {
    this.playerId = playerId
    this.team = team
    this.shape = shape
    this.values = values
  }

  /** Lists lose repeated strings; -0 becomes 0, as it would on its way through JSON. */
  static of({ playerId, attributes, latencyMs, team }: PlayerFacts): PlayerState {
    count = 0
    let shape = PlayerShape.none()
    if (attributes) {
      shape = shape.with('attributes')
      // Such loops make no list of the keys.
      for (const name in attributes) shape = gather(shape, name, attributes[name]!)
    }
    if (latencyMs) {
      shape = shape.with('latencies')
      for (const region in latencyMs) {
        shape = shape.with('region', region)
        gathered[count++] = latencyMs[region]!
      }
    }
    const { shape: sorted, order } = shape.canonical
    const values = order.map((at) => gathered[at]!)
    return new PlayerState(playerId, team, sorted, values)
  }

  /** From what a snapshot holds. */
  static restored(playerId: string, shape: PlayerShape, values: PlayerValues, team: string | null): PlayerState {
    const shared = values.map((value) => {
      if (typeof value === 'number') return value
      return typeof value === 'string' ? sharedText(value) : sharedList(value)
    })
    return new PlayerState(playerId, team, shape, shared)
  }

  withTeam(team: string | null): PlayerState {
    return new PlayerState(this.playerId, team, this.shape, this.values)
  }

  /** Made anew, sorted by name. Lists in it are shared: not to be changed. */
  get attributes(): Record<string, AttributeValue> | null {
    const { attributes } = this.shape.layout
    if (!attributes) return null
    const made: Record<string, AttributeValue> = {}
    for (const place of attributes) put(made, place.name, attributeAt(place, this.values))
    return made
  }

  /** The attribute of that name; null when none was sent, or another member. */
  sent(name: string, member: Exclude<Member, 'SDM'>): PlayerValues[number] | null {
    const { attributes } = this.shape.layout
    if (attributes === null) return null
    for (const place of attributes) if (place.name === name && place.member === member) return this.values[place.at]!
    return null
  }

  /** Made anew, sorted by Region. */
  get latencyMs(): Record<string, number> | null {
    const { latencies } = this.shape.layout
    return latencies && numbersAt(latencies, this.values)
  }

  toJSON(): PlayerFacts {
    return { playerId: this.playerId, attributes: this.attributes, latencyMs: this.latencyMs, team: this.team }
  }
}

function gather(shape: PlayerShape, name: string, value: AttributeValue): PlayerShape {
  if (value.S != null) {
    gathered[count++] = sharedText(value.S)
    return shape.with('S', name)
  }
  if (value.N != null) {
    gathered[count++] = value.N + 0
    return shape.with('N', name)
  }
  if (value.SL != null) {
    gathered[count++] = sharedList(hasRepeats(value.SL) ? [...new Set(value.SL)] : value.SL)
    return shape.with('SL', name)
  }
  let map = shape.with('SDM', name)
  const numbers = value.SDM ?? {}
  for (const key in numbers) {
    map = map.with('key', key)
    gathered[count++] = numbers[key]! + 0
  }
  return map
}

function hasRepeats(list: readonly string[]): boolean {
  if (list.length > FEW) return new Set(list).size < list.length
  for (let i = 1; i < list.length; i++) if (list.indexOf(list[i]!) < i) return true
  return false
}

function attributeAt({ member, at, keys }: AttributePlace, values: PlayerValues): AttributeValue {
  const value = values[at]
  switch (member) {
    case 'S':
      return { S: value as string }
    case 'N':
      return { N: value as number }
    case 'SL':
      return { SL: value as string[] }
    case 'SDM':
      return { SDM: numbersAt(keys, values) }
  }
}

function numbersAt(places: readonly Place[], values: PlayerValues): Record<string, number> {
  const made: Record<string, number> = {}
  for (const { name, at } of places) put(made, name, values[at] as number)
  return made
}

function put<T>(record: Record<string, T>, name: string, value: T): void {
  // Assigned, it would not become a key.
  if (name === '__proto__') Object.defineProperty(record, name, { value, ...OWN })
  else record[name] = value
}

const OWN = { configurable: true, enumerable: true, writable: true }
