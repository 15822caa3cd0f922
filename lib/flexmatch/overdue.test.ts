import { describe, expect, it } from 'vitest'
import { projectTicket } from './project-ticket.ts'
import { aDescribe, aGone, anEvent, anOverdue } from './testing/builders.ts'
import { timelineOf } from './timeline.ts'

const searching = anEvent('MatchmakingSearching')
const overdue = anOverdue(60_000)
const project = (...facts: Parameters<typeof projectTicket>[1]) => projectTicket('t1', facts)

describe('a ticket whose time is long over', () => {
  it('is presumed to have timed out, and says so', () => {
    const ticket = project(searching, overdue)
    expect(ticket).toMatchObject({ status: 'TIMED_OUT', presumed: true, cause: 'request-timed-out' })
    expect(ticket.endedAt).toBe(overdue.time)
    expect(timelineOf('t1', [searching, overdue]).at(-1)?.text).toBe('Timed out, presumably')
  })

  it.each([
    ['an event that comes late', anEvent('MatchmakingCancelled', { time: 40_000 }), 'CANCELLED'],
    ['an event that happened since', anEvent('PotentialMatchCreated', { time: 70_000 }), 'REQUIRES_ACCEPTANCE'],
    ['a describe', aDescribe(70_000, { status: 'SEARCHING' }), 'SEARCHING'],
    ['a describe that knows no more than the start', aDescribe(70_000, { status: 'QUEUED' }), 'QUEUED'],
    ['GameLift, which has forgotten it', aGone(70_000), 'GONE'],
  ])('is corrected by %s', (_, fact, status) => {
    expect(project(searching, overdue, fact)).toMatchObject({ status, presumed: false })
  })

  it('is confirmed by a describe', () => {
    expect(project(searching, overdue, aDescribe(70_000, { status: 'TIMED_OUT' }))).toMatchObject({
      status: 'TIMED_OUT',
      presumed: false,
    })
  })

  it('is left alone while it is being placed, and when it has ended', () => {
    const placing = anEvent('PotentialMatchCreated', { time: 50_000, acceptanceRequired: false })
    expect(project(searching, placing, overdue).status).toBe('PLACING')
    expect(project(searching, anEvent('MatchmakingFailed', { time: 50_000 }), overdue).status).toBe('FAILED')
  })

  it('is another one than a newer life of its id', () => {
    const again = aDescribe(90_000, { status: 'SEARCHING', startTime: overdue.startTime + 80_000 })
    const late = { ...overdue, time: again.time + 1_000 }
    expect(project(searching, again, late)).toMatchObject({ status: 'SEARCHING', presumed: false })
  })
})
