/**
 * What the one who previewed a run must hand back to start it. It says nothing by itself: what it is good for goes into the
 * hash beside it, so that any other action, set, number, environment or person, and any later moment, is another hash.
 */
import { createHash, timingSafeEqual } from 'node:crypto'

export interface Bound {
  bulkId: string
  action: string
  /** The filter or the chosen ids, as they are stored. */
  selection: unknown
  idsHash: Buffer
  count: number
  environment: string
  personId: string
  until: Date
}

export function bind(token: string, bound: Bound): Buffer {
  const { bulkId, action, selection, idsHash, count, environment, personId, until } = bound
  const members = [bulkId, action, canonical(selection), idsHash.toString('hex'), count, environment, personId]
  return createHash('sha256')
    .update(JSON.stringify([token, ...members, until.getTime()]))
    .digest()
}

export function isBound(token: string, bound: Bound, hash: Buffer | null): boolean {
  return hash !== null && timingSafeEqual(bind(token, bound), hash)
}

/** The database keeps the members of an object in an order of its own. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (value === null || typeof value !== 'object') return value
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, canonical(member)])
}
