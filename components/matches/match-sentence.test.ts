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
  expect(matchSentence(status, 2, true)).toMatch(/^[A-Z].*\.$/)
})

it('counts those who have not answered', () => {
  expect(matchSentence('proposed', 1, true)).toContain('Waiting on 1 player.')
  expect(matchSentence('proposed', 3, true)).toContain('Waiting on 3 players.')
  expect(matchSentence('proposed', 0, true)).toContain('Every player has accepted')
})

it('speaks of acceptance only where it was required', () => {
  expect(matchSentence('placing', 0, false)).toMatch(/^It is being placed/)
  expect(matchSentence('placing', 0, true)).toMatch(/^Every player accepted/)
})
