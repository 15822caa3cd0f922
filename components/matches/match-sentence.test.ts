import { expect, it } from 'vitest'
import { matchSentence } from './match-sentence.ts'

it.each([
  'proposed',
  'placing',
  'completed',
  'rejected',
  'not-answered',
  'withdrawn',
  'failed',
  'placement-timed-out',
] as const)('has whole sentences for a match that is %s', (status) => {
  expect(matchSentence(status, 2, true, true)).toMatch(/^[A-Z].*\.$/)
})

it('counts those who have not answered', () => {
  expect(matchSentence('proposed', 1, true, true)).toContain('Waiting on 1 player.')
  expect(matchSentence('proposed', 3, true, true)).toContain('Waiting on 3 players.')
  expect(matchSentence('proposed', 0, true, true)).toContain('Every player has accepted')
})

it('speaks of acceptance only where it was required', () => {
  expect(matchSentence('placing', 0, false, true)).toMatch(/^It is being placed/)
  expect(matchSentence('placing', 0, true, true)).toMatch(/^Every player accepted/)
})

it('speaks of placement only where there was one', () => {
  expect(matchSentence('completed', 0, false, true)).toContain('placed')
  expect(matchSentence('completed', 0, false, false)).toContain('standalone')
})
