import type { Db } from '#lib/db/pool.ts'
import type { Bench } from '../row-group.ts'

/** The size that the goals of reading speak of: less cannot prove them. */
export const GOAL_ROWS = 10_000_000

/** A seeded index, and where to say how it answers. */
export interface Read {
  bench: Pick<Bench, 'report'>
  db: Db
  /** How many tickets are there. */
  rows: number
  /** Epoch ms: when the seeded tickets are looked at. */
  now: number
}
