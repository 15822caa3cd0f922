import { describe, expect, it } from 'vitest'
import { BULK_RESULTS, type BulkCounts, type BulkRunView } from '#lib/bulk/views.ts'
import { bulkTitle, leftOf, nextSentence } from './bulk-words.ts'

const counts = (given: Partial<BulkCounts>) =>
  ({ ...Object.fromEntries(BULK_RESULTS.map((result) => [result, 0])), ...given }) as BulkCounts
const aRun = (given: Partial<BulkRunView>): BulkRunView => ({
  ...{ bulkId: 'b', action: 'cancel', state: 'running', total: 10, words: '', by: 'Ada', requestId: 'r' },
  ...{ startedAt: '', finishedAt: null, reason: null, more: false, problem: null, retryOf: null, retriedBy: null },
  ...{ firstFailed: [], counts: counts({ waiting: 10 }) },
  ...given,
})

describe('what to press next', () => {
  it.each([
    ['running', aRun({}), '10 of 10 have not been asked. Pause to look, or abort to leave them as they are.'],
    [
      'held up',
      aRun({ problem: { text: 'GameLift asked for fewer requests.', at: '' } }),
      'It waits and goes on by itself: GameLift asked for fewer requests.',
    ],
    [
      'in doubt only',
      aRun({ counts: counts({ done: 9, unknown: 1 }) }),
      'Everybody has been asked; what is still unknown is looked at now.',
    ],
    [
      'paused by refusals',
      aRun({ state: 'paused', problem: { text: '10 refusals in a row: no.', at: '' }, counts: counts({ waiting: 4 }) }),
      'Paused: 10 refusals in a row: no. 4 of 10 have not been asked. Look into that, then resume, or abort.',
    ],
    [
      'aborted',
      aRun({ state: 'aborted', counts: counts({ done: 6, waiting: 4 }) }),
      '4 of 10 have not been asked and stay as they are. To go on with those, try again what is left.',
    ],
    ['finished', aRun({ state: 'finished', counts: counts({ done: 8, 'too-late': 2 }) }), 'Nothing is left to do.'],
    [
      'finished with failures',
      aRun({ state: 'finished', counts: counts({ done: 8, failed: 2 }) }),
      '2 failed. Look at the first reasons below, then try again what failed.',
    ],
    [
      'tried again',
      aRun({ state: 'finished', counts: counts({ done: 8, failed: 2 }), retriedBy: 'c' }),
      'What failed is tried again by a newer run.',
    ],
  ])('%s', (_, run, sentence) => {
    expect(nextSentence(run)).toBe(sentence)
  })
})

it('what is left of an aborted run is also what was never asked', () => {
  const some = counts({ done: 5, failed: 2, waiting: 3 })
  expect(leftOf({ state: 'aborted', counts: some })).toBe(5)
  expect(leftOf({ state: 'finished', counts: some })).toBe(2)
})

it('titles are verb and object', () => {
  expect(bulkTitle('cancel', 1)).toBe('Cancel 1 ticket')
  expect(bulkTitle('reject', 4)).toBe('Reject for 4 tickets')
})
