import { describe, expect, it } from 'vitest'
import { aDescribe, aGone, anEvent, aTicket, START } from './testing/builders.ts'
import { timelineOf } from './timeline.ts'

const pair = (ana?: boolean, raj?: boolean) => [
  aTicket('t1', [{ playerId: 'ana', ...(ana === undefined ? {} : { accepted: ana }) }]),
  aTicket('t2', [{ playerId: 'raj', ...(raj === undefined ? {} : { accepted: raj }) }]),
]
const texts = (facts: Parameters<typeof timelineOf>[1]) =>
  timelineOf('t1', facts).map(({ text, detail }) => (detail ? `${text} (${detail})` : text))

describe('the timeline of a ticket', () => {
  it('tells a match that was dropped and the search after it', () => {
    const facts = [
      anEvent('MatchmakingSearching', { time: 500 }),
      anEvent('PotentialMatchCreated', { time: 5_000, tickets: pair() }),
      anEvent('AcceptMatch', { time: 6_000, tickets: pair(true) }),
      anEvent('AcceptMatch', { time: 7_000, tickets: pair(true, false) }),
      anEvent('AcceptMatchCompleted', { time: 7_010, tickets: pair(), acceptance: 'Rejected' }),
      anEvent('MatchmakingSearching', { time: 7_020 }),
    ]
    const told = [
      'Queued',
      'Searching',
      'Match proposed (2 players of 2 tickets, 30 s to answer)',
      'ana accepted',
      'raj rejected (of ticket t2)',
      'The match was dropped: not everybody accepted (the ticket goes back to the search)',
      'Searching again (the match was not accepted)',
    ]
    expect(texts(facts)).toEqual(told)
    expect(texts([...facts.toReversed(), ...facts])).toEqual(told)
    expect(timelineOf('t1', facts)[5]?.kind).toBe('match-dropped')
  })

  it('tells the way to a game session', () => {
    const facts = [
      anEvent('MatchmakingSearching'),
      anEvent('PotentialMatchCreated', { time: 1_000 }),
      anEvent('AcceptMatch', { time: 2_000, tickets: [aTicket('t1', [{ playerId: 'ana', accepted: true }])] }),
      anEvent('AcceptMatchCompleted', { time: 2_000 }),
      anEvent('MatchmakingSucceeded', { time: 3_000, session: { gameSessionArn: 'arn:s' } }),
      anEvent('MatchmakingSearching', { time: 9_000 }),
    ]
    expect(texts(facts).slice(2)).toEqual([
      'Match proposed (1 player of 1 ticket, 30 s to answer)',
      'ana accepted',
      'Everybody accepted',
      'Being placed',
      'Completed (arn:s)',
      'Late event: MatchmakingSearching (The ticket had ended by then; nothing changed.)',
    ])
  })

  it('marks the steps of events that were forced, and no others', () => {
    const facts = [
      anEvent('MatchmakingSearching'),
      { ...anEvent('PotentialMatchCreated', { time: 1_000 }), forced: true as const },
      { ...anEvent('AcceptMatchCompleted', { time: 2_000 }), forced: true as const },
      aDescribe(2_500, { status: 'PLACING' }),
      anEvent('MatchmakingSucceeded', { time: 3_000 }),
    ]
    const marked = timelineOf('t1', facts).filter(({ forced }) => forced)
    expect(marked.map(({ text }) => text)).toEqual(['Match proposed', 'Everybody accepted', 'Being placed'])
  })

  it('tells what only a describe knew', () => {
    const facts = [
      anEvent('MatchmakingSearching'),
      aDescribe(1_000),
      aDescribe(31_000),
      aDescribe(61_000, { status: 'CANCELLED', statusMessage: 'Cancelled due to duplicate player' }),
    ]
    expect(texts(facts).slice(2)).toEqual([
      'Attributes and latency read from GameLift',
      'Cancelled (GameLift says: Cancelled due to duplicate player)',
    ])
    expect(texts([anEvent('MatchmakingSearching'), aGone(90_000)]).at(-1)).toBe('GameLift no longer knows this ticket')
  })

  it('tells two lives of one id apart', () => {
    const facts = [
      anEvent('MatchmakingSearching'),
      anEvent('MatchmakingTimedOut', { time: 9_000 }),
      anEvent('MatchmakingSearching', { time: 60_000, tickets: [aTicket('t1', ['ana'], START + 60_000)] }),
    ]
    expect(texts(facts)).toEqual([
      'Queued',
      'Searching',
      'Timed out (GameLift says: Removed from matchmaking due to timing out.)',
      'Queued again, under the same id',
      'Searching',
    ])
  })

  it('is empty for a ticket nobody has spoken of', () => {
    expect(timelineOf('t1', [])).toEqual([])
  })
})
