import { expect, it } from 'vitest'
import { INDEXED_STATUSES, isOpen } from '#lib/flexmatch/status.ts'
import { whoStopsSearching, whyNotCancel } from './cancel-words.ts'

const requested = { action: 'cancel' as const, at: '2026-01-15T10:00:00.000Z', by: 'Ana' }

it.each(INDEXED_STATUSES)(
  'a ticket that is %s can be cancelled only while it is open and not being placed',
  (status) => {
    const can = isOpen(status) && status !== 'PLACING'
    expect(whyNotCancel({ status, requested: null, ticketId: 't1' }) === null).toBe(can)
  },
)

it('says how it ended rather than that a cancel was asked for', () => {
  expect(whyNotCancel({ status: 'CANCELLED', requested, ticketId: 't1' })).toBe(
    'The ticket has ended: it is cancelled.',
  )
  expect(whyNotCancel({ status: 'SEARCHING', requested, ticketId: 't1' })).toBe('Its cancelling is requested already.')
})

it('promises no way to remove players that Matchdesk does not have', () => {
  const words = whyNotCancel({ status: 'PLACING', requested: null, ticketId: 't1' })
  expect(words).toContain('Too late to cancel: t1')
  expect(words).toContain('terminate-game-session')
  expect(words).not.toContain('You can remove')
})

it('speaks of one, two and more players', () => {
  expect([1, 2, 5].map(whoStopsSearching)).toEqual([
    'Its player stops searching.',
    'Both players stop searching.',
    'All 5 players of it stop searching.',
  ])
})
