import { describe, expect, it } from 'vitest'
import type { LiveChange } from '#lib/live/change.ts'
import { isAffected } from './affected.ts'

const aChange = (given: Partial<LiveChange>): LiveChange => ({
  environment: 'local',
  tickets: [],
  matches: [],
  sessions: [],
  demo: false,
  environments: false,
  ...given,
})

describe('isAffected', () => {
  it('leaves other environments alone', () => {
    expect(isAffected(['tickets', 'prod', {}], undefined, aChange({ tickets: 'many' }))).toBe(false)
  })
  it('refreshes lists and numbers when any ticket changed', () => {
    for (const topic of ['tickets', 'counts', 'overview'])
      expect(isAffected([topic, 'local'], undefined, aChange({ tickets: ['t-1'] }))).toBe(true)
    expect(isAffected(['tickets', 'local'], undefined, aChange({ sessions: ['arn'] }))).toBe(false)
  })
  it('refreshes a ticket for itself, for its match and for the other tickets of its match', () => {
    const data = { matchId: 'm-1', matchTickets: [{ ticketId: 't-2' }] }
    const key = ['ticket', 'local', 't-1']
    expect(isAffected(key, data, aChange({ tickets: ['t-1'] }))).toBe(true)
    expect(isAffected(key, data, aChange({ tickets: ['t-2'] }))).toBe(true)
    expect(isAffected(key, data, aChange({ matches: ['m-1'] }))).toBe(true)
    expect(isAffected(key, data, aChange({ tickets: ['t-3'], matches: ['m-2'] }))).toBe(false)
    expect(isAffected(key, undefined, aChange({ tickets: 'many' }))).toBe(true)
  })
  it('looks for an id again when that very id is spoken of', () => {
    const key = ['find', 'local', 'x-1']
    const answer = { found: false, message: '' }
    for (const change of [
      { tickets: ['x-1'] },
      { matches: ['x-1'] },
      { sessions: ['x-1'] },
      { tickets: 'many' },
    ] as const)
      expect(isAffected(key, answer, aChange(change as Partial<LiveChange>))).toBe(true)
    expect(isAffected(key, answer, aChange({ tickets: ['x-2'] }))).toBe(false)
  })
  it('refreshes a match for its tickets, and a session for its backfill tickets', () => {
    expect(
      isAffected(['match', 'local', 'm-1'], { tickets: [{ ticketId: 't-1' }] }, aChange({ tickets: ['t-1'] })),
    ).toBe(true)
    const session = { matchId: 'm-1', live: { autoBackfillTicketId: 'b-1' }, backfillTickets: [{ ticketId: 'b-2' }] }
    for (const ticketId of ['b-1', 'b-2'])
      expect(isAffected(['session', 'local', 'arn'], session, aChange({ tickets: [ticketId] }))).toBe(true)
    expect(isAffected(['session', 'local', 'arn'], session, aChange({ tickets: ['t-9'] }))).toBe(false)
  })
  it('refreshes the demo switch only when it was moved', () => {
    expect(isAffected(['demo'], undefined, aChange({ demo: true }))).toBe(true)
    expect(isAffected(['demo'], undefined, aChange({ tickets: 'many' }))).toBe(false)
  })
  it('refreshes the list of environments when one of them changed, whichever page is open', () => {
    expect(isAffected(['environments'], undefined, aChange({ environments: true }))).toBe(true)
    expect(isAffected(['environments'], undefined, aChange({ tickets: 'many' }))).toBe(false)
  })
})
