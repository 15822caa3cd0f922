import { describe, expect, it } from 'vitest'
import type { SessionView } from '#lib/tickets/views.ts'
import { backfillOffSentence, backfillSentence } from './backfill-words.ts'

const live = {
  currentPlayers: 2,
  maximumPlayers: 4,
  autoBackfillMode: 'AUTOMATIC',
  autoBackfillTicketId: 'b-1',
} as NonNullable<SessionView['live']>

describe('backfillSentence', () => {
  it('names the ticket now in force and what it looks for', () => {
    expect(backfillSentence({ live, backfillTickets: [] })).toBe(
      'Automatic backfill is on: ticket b-1 is searching for 2 players.',
    )
  })
  it('says where the ticket is when it has found somebody', () => {
    const ticket = { ticketId: 'b-1', status: 'PLACING' } as SessionView['backfillTickets'][number]
    expect(backfillSentence({ live, backfillTickets: [ticket] })).toContain('being placed')
  })
  it('tells "on, between tickets" from "off"', () => {
    expect(backfillSentence({ live: { ...live, autoBackfillTicketId: null }, backfillTickets: [] })).toContain(
      'is on, with no',
    )
    const off = { ...live, autoBackfillMode: null, autoBackfillTicketId: null }
    expect(backfillSentence({ live: off, backfillTickets: [] })).toContain('is off')
  })
  it('claims nothing of a session that cannot be read', () => {
    expect(backfillSentence({ live: null, backfillTickets: [] })).toBeNull()
  })
})

describe('backfillOffSentence', () => {
  const outcome = { autoBackfillMode: null, autoBackfillTicketId: null }
  it('names every ticket that was stopped, in order', () => {
    expect(backfillOffSentence({ ...outcome, stoppedTicketIds: ['t-1', 't-2'], checks: 3 })).toBe(
      'Off. Stopped t-1, then t-2 (it had been renewed). None live after 3 checks.',
    )
    expect(backfillOffSentence({ ...outcome, stoppedTicketIds: ['t-1'], checks: 2 })).toBe(
      'Off. Stopped t-1. None live after 2 checks.',
    )
  })
  it('says so when there was nothing to stop', () => {
    expect(backfillOffSentence({ ...outcome, stoppedTicketIds: [], checks: 1 })).toBe(
      'Off. No automatic backfill ticket was live. None live after 1 check.',
    )
  })
  it('never says off of a session that is still set to fill itself', () => {
    const still = { ...outcome, autoBackfillMode: 'AUTOMATIC', stoppedTicketIds: [], checks: 2 }
    expect(backfillOffSentence(still)).toMatch(
      /^Not off\. No automatic backfill ticket was live\..*still set to AUTOMATIC/,
    )
    expect(backfillOffSentence({ ...still, stoppedTicketIds: ['t-1'] })).toMatch(/^Not off\. Stopped t-1\./)
  })
})
