import { expect, it } from 'vitest'
import { simulateMany } from './testing/simulate.ts'

// Some five seconds of one core; a shared machine may need more.
it('lives 500 lives full of proposed matches as documented, through crashes, restores and clock jumps', () => {
  expect(simulateMany('acceptance', 500)).toEqual([])
}, 120_000)
