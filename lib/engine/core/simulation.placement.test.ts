import { expect, it } from 'vitest'
import { simulateMany } from './testing/simulate.ts'

// Some five seconds of one core; a shared machine may need more.
it('lives 500 lives full of sessions and backfill as documented, through crashes, restores and clock jumps', () => {
  expect(simulateMany('placement', 500)).toEqual([])
}, 120_000)
