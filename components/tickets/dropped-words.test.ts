import { expect, it } from 'vitest'
import { endedWithMatch, few, rejectOutcomeWords, returnedFromMatch } from './dropped-words.ts'

const raj = { playerId: 'raj', ticketId: 't2' }

it('names who rejected and does not claim that time ran out for those who had not answered', () => {
  const five = ['ana', 'bo', 'cy', 'di', 'ed']
  expect(endedWithMatch('t1', 5, { rejectedBy: [raj], unanswered: five, timedOut: false })).toBe(
    'Cancelled because raj (ticket t2) rejected the match before this ticket’s 5 players had answered.',
  )
  expect(endedWithMatch('t1', 5, { rejectedBy: [raj], unanswered: ['bo'], timedOut: false })).toBe(
    'Cancelled because raj (ticket t2) rejected the match before bo had answered.',
  )
})

it('blames the own player who rejected, whoever else did', () => {
  const rejectedBy = [raj, { playerId: 'ana', ticketId: 't1' }]
  expect(endedWithMatch('t1', 2, { rejectedBy, unanswered: ['bo'], timedOut: false })).toBe(
    'Cancelled because ana rejected the proposed match.',
  )
})

it('names who let the time run out', () => {
  const unanswered = ['ana', 'bo', 'cy', 'di', 'ed']
  expect(endedWithMatch('t1', 5, { rejectedBy: [], unanswered, timedOut: true })).toBe(
    'Cancelled because ana, bo, cy, +2 did not answer the proposed match in time.',
  )
})

it('says whose doing it was that a ticket searches again', () => {
  expect(returnedFromMatch({ rejectedBy: [raj], unanswered: [], timedOut: false })).toBe(
    'raj (ticket t2) rejected the proposed match',
  )
  expect(returnedFromMatch({ rejectedBy: [], unanswered: [], timedOut: true })).toMatch(/in time$/)
})

it('counts what a rejection would do', () => {
  expect(rejectOutcomeWords({ cancelled: 2, searching: 1 })).toBe('2 tickets will be cancelled, 1 searches again.')
  expect(rejectOutcomeWords({ cancelled: 1, searching: 0 })).toBe('1 ticket will be cancelled, none searches again.')
  expect(rejectOutcomeWords({ cancelled: 1, searching: 3 })).toBe('1 ticket will be cancelled, 3 search again.')
})

it('names up to three and counts the others', () => {
  expect(few(['a', 'b'])).toBe('a and b')
  expect(few(['a', 'b', 'c', 'd'])).toBe('a, b, c, +1')
  expect(few(['x'.repeat(1024)]).length).toBeLessThan(30)
})
