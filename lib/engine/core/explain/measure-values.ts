/** Pieces of measuring that several rule types share. */
import type { Value } from '#lib/engine/core/matching/evaluate-expression.ts'
import type { Measurement } from './explanation.ts'

/** What a rule measured on a set. `shortfall` is by how much it misses in relation to its limit: 0 when it holds. */
export interface RuleMeasure {
  measured: Measurement | null
  shortfall: number
  /** Completes `Rule "x": …`. */
  text: string
}

/** Where a miss has no size: as far off as missing by the whole limit. */
export const WHOLLY = 1

export type Scalar = number | string

export function scalarsOf(value: Value): Scalar[] {
  if (value === undefined) return []
  return typeof value === 'object' ? value.flatMap(scalarsOf) : [value]
}

/** How far `value` is outside, absolutely; 0 when inside, null where that is no number. */
export function missOf(value: Scalar, bound: Measurement['bound'], limit: Scalar): number | null {
  if (typeof value !== 'number' || typeof limit !== 'number') {
    return (value === limit) === (bound === 'equal to') ? 0 : null
  }
  switch (bound) {
    case 'at most':
      return Math.max(0, value - limit)
    case 'at least':
      return Math.max(0, limit - value)
    case 'below':
      return Math.max(0, value - limit)
    case 'above':
      return Math.max(0, limit - value)
    case 'equal to':
      return Math.abs(value - limit)
    case 'other than':
      return value === limit ? null : 0
  }
}

export function measurement(
  what: string,
  value: Scalar,
  bound: Measurement['bound'],
  limit: Scalar,
  unit: Measurement['unit'] = null,
): Measurement {
  return { what, value, bound, limit, missBy: missOf(value, bound, limit), unit }
}

/** 0 only for what is within its bound. */
export function shortfallOf({ value, bound, limit, missBy }: Measurement): number {
  if (missBy === null) return WHOLLY
  if ((bound === 'below' || bound === 'above') && value === limit) return Number.EPSILON
  return missBy / Math.max(1, Math.abs(Number(limit)))
}

/** The one that misses by most; undefined when there is none. */
export function worst(measurements: readonly Measurement[]): Measurement | undefined {
  return measurements.reduce<Measurement | undefined>(
    (sofar, one) => (sofar === undefined || shortfallOf(one) > shortfallOf(sofar) ? one : sofar),
    undefined,
  )
}
