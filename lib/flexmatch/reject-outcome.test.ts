import { expect, it } from 'vitest'
import { rejectOutcome } from './reject-outcome.ts'

it('cancels who rejects and who has not accepted by then; only those who have all accepted search again', () => {
  const players = [
    { ticketId: 'a', answer: 'accepted' as const },
    { ticketId: 'a', answer: null },
    { ticketId: 'b', answer: 'accepted' as const },
    { ticketId: 'b', answer: null },
    { ticketId: 'c', answer: 'accepted' as const },
    { ticketId: 'fill', answer: null },
  ]
  expect(rejectOutcome(players, 'a', ['fill'])).toEqual({ cancelled: 2, searching: 2 })
  expect(rejectOutcome(players, 'c', ['fill'])).toEqual({ cancelled: 3, searching: 1 })
})
