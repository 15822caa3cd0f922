import { describe, expect, it } from 'vitest'
import { droppedMatch } from './dropped-match.ts'
import { anEvent, aTicket } from './testing/builders.ts'

/** `t1` of ana and bo, `t2` of raj; answers as far as given. */
const tickets = (answers: { ana?: boolean; bo?: boolean; raj?: boolean } = {}) => {
  const player = (playerId: 'ana' | 'bo' | 'raj') =>
    answers[playerId] === undefined ? { playerId } : { playerId, accepted: answers[playerId] }
  return [aTicket('t1', [player('ana'), player('bo')]), aTicket('t2', [player('raj')])]
}
const proposed = anEvent('PotentialMatchCreated', { time: 1_000, tickets: tickets() })

describe('a dropped match, as a ticket of it tells', () => {
  it('names who rejected it, also of another ticket, and who here had not answered by then', () => {
    const facts = [
      proposed,
      anEvent('AcceptMatch', { time: 2_000, tickets: tickets({ ana: true }) }),
      anEvent('AcceptMatch', { time: 6_700, tickets: tickets({ ana: true, raj: false }) }),
      anEvent('AcceptMatchCompleted', { time: 6_710, tickets: tickets(), acceptance: 'Rejected' }),
    ]
    const told = { rejectedBy: [{ playerId: 'raj', ticketId: 't2' }], unanswered: ['bo'], timedOut: false }
    expect(droppedMatch('t1', facts)).toEqual(told)
    expect(droppedMatch('t1', facts.toReversed())).toEqual(told)
    expect(droppedMatch('t2', facts)?.unanswered).toEqual([])
    expect(droppedMatch('t1', facts.slice(0, 3))).toEqual(told)
  })

  it('says that the time ran out only when it did', () => {
    const facts = [
      proposed,
      anEvent('AcceptMatch', { time: 2_000, tickets: tickets({ raj: true }) }),
      anEvent('AcceptMatchCompleted', { time: 31_000, tickets: tickets({ raj: true }), acceptance: 'TimedOut' }),
    ]
    expect(droppedMatch('t1', facts)).toEqual({ rejectedBy: [], unanswered: ['ana', 'bo'], timedOut: true })
  })

  it('is not told of a match that still waits, was accepted, or fell because a ticket of it was cancelled', () => {
    const completed = (acceptance: string) =>
      anEvent('AcceptMatchCompleted', { time: 3_000, tickets: tickets(), acceptance })
    expect(droppedMatch('t1', [])).toBeNull()
    expect(droppedMatch('t1', [proposed])).toBeNull()
    expect(droppedMatch('t1', [proposed, completed('Accepted')])).toBeNull()
    expect(droppedMatch('t1', [proposed, completed('Rejected')])).toBeNull()
  })

  it('is that of the newest match', () => {
    const facts = [
      proposed,
      anEvent('AcceptMatch', { time: 2_000, tickets: tickets({ raj: false }) }),
      anEvent('AcceptMatchCompleted', { time: 2_000, tickets: tickets(), acceptance: 'Rejected' }),
      anEvent('PotentialMatchCreated', { time: 9_000, tickets: tickets(), matchId: 'm2' }),
    ]
    expect(droppedMatch('t1', facts)).toBeNull()
  })
})
