import { expect, it } from 'vitest'
import { matchSentence } from './match-sentence.ts'

const nobody = { rejectedBy: [], unanswered: [] }

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
  expect(matchSentence(status, 2, true, true, nobody)).toMatch(/^[A-Z].*\.$/)
})

it('counts those who have not answered', () => {
  expect(matchSentence('proposed', 1, true, true, nobody)).toContain('Waiting on 1 player.')
  expect(matchSentence('proposed', 3, true, true, nobody)).toContain('Waiting on 3 players.')
  expect(matchSentence('proposed', 0, true, true, nobody)).toContain('Every player has accepted')
})

it('speaks of acceptance only where it was required', () => {
  expect(matchSentence('placing', 0, false, true, nobody)).toMatch(/^It is being placed/)
  expect(matchSentence('placing', 0, true, true, nobody)).toMatch(/^Every player accepted/)
})

it('speaks of placement only where there was one', () => {
  expect(matchSentence('completed', 0, false, true, nobody)).toContain('placed')
  expect(matchSentence('completed', 0, false, false, nobody)).toContain('standalone')
})

it('names those whose answers brought it down, and says that whoever had not accepted was cancelled too', () => {
  const by = { rejectedBy: ['raj'], unanswered: ['ana', 'bo', 'cy', 'di'] }
  expect(matchSentence('rejected', 0, true, false, by)).toMatch(/^Dropped because raj rejected it\. .*not all accepted/)
  expect(matchSentence('not-answered', 0, true, false, by)).toContain('ana, bo, cy, +1 did not answer in time')
  expect(matchSentence('proposed', 2, true, false, nobody)).toContain('whose players have not all accepted by then')
})
