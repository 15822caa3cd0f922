import { describe, expect, it } from 'vitest'
import { CAUSES, INDEXED_STATUSES, TICKET_KINDS } from '#lib/flexmatch/status.ts'
import { causeSentence, type SentenceTicket } from './cause-sentence.ts'
import { CAUSE_WORDS } from './cause-words.ts'
import { plainText } from './linked-text.ts'

const now = 1_000_000
const aTicket = (given: Partial<SentenceTicket>): SentenceTicket => ({
  ticketId: 't1',
  status: 'SEARCHING',
  cause: 'started',
  kind: 'new',
  waitingFor: [],
  playerCount: 1,
  acceptanceDeadline: null,
  statusMessage: null,
  presumed: false,
  gameSessionArn: 'arn:s',
  supersededBy: null,
  dropped: null,
  estimatedWaitSeconds: null,
  ...given,
})

const said = (given: Partial<SentenceTicket>) => plainText(causeSentence(aTicket(given), now))

describe('causeSentence', () => {
  const every = INDEXED_STATUSES.flatMap((status) =>
    CAUSES.flatMap((cause) => TICKET_KINDS.map((kind) => ({ status, cause, kind }))),
  )
  it.each(every)('has whole sentences for $status by $cause ($kind)', (given) => {
    const text = said(given)
    expect(text).toMatch(/^[A-Z].*[.!?]$/)
    expect(text).not.toMatch(/undefined|null|NaN| {2}|\.\./)
  })

  it('never lets an ended ticket sound open, nor an open one ended', () => {
    for (const cause of CAUSES) {
      for (const status of ['CANCELLED', 'TIMED_OUT', 'FAILED'] as const)
        expect(said({ status, cause })).toContain('Nothing more happens')
      for (const status of ['QUEUED', 'SEARCHING', 'REQUIRES_ACCEPTANCE', 'PLACING'] as const)
        expect(said({ status, cause })).not.toContain('Nothing more happens')
    }
  })

  it('never claims that a ticket has timed out when that is only presumed', () => {
    const text = said({ status: 'TIMED_OUT', cause: 'request-timed-out', presumed: true })
    expect(text).toMatch(/^Presumed to have timed out: .* GameLift is asked until it has/)
    expect(text).not.toContain('Nothing more happens')
  })

  it('names those who have not answered, and what follows if they do not', () => {
    const text = said({
      status: 'REQUIRES_ACCEPTANCE',
      cause: 'proposed',
      waitingFor: ['sam', 'lee'],
      playerCount: 3,
      acceptanceDeadline: now + 18_000,
    })
    expect(text).toContain('Waiting on 2 of 3 players (sam, lee)')
    expect(text).toContain('this ticket is cancelled, and so is every ticket of the match whose players have not all')
  })

  it('says that a ticket whose players all accepted waits for others and would search again', () => {
    expect(said({ status: 'REQUIRES_ACCEPTANCE', cause: 'proposed' })).toMatch(/have accepted.*searches again/)
  })

  it('says that the time is up instead of counting below zero', () => {
    const text = said({
      status: 'REQUIRES_ACCEPTANCE',
      cause: 'proposed',
      waitingFor: ['sam'],
      acceptanceDeadline: now - 1,
    })
    expect(text).toContain('The time to answer is up and sam has not answered')
  })

  it('asks nothing of the players of a backfill ticket', () => {
    const text = said({ status: 'REQUIRES_ACCEPTANCE', cause: 'proposed', kind: 'backfill', waitingFor: ['ana'] })
    expect(text).toContain('need not answer')
  })

  it('says that a ticket being placed cannot be cancelled', () => {
    expect(said({ status: 'PLACING', cause: 'accepted' })).toContain('can no longer be cancelled')
  })

  it('says that stopping an automatic backfill ticket turned automatic backfill off', () => {
    expect(said({ status: 'CANCELLED', cause: 'stopped', kind: 'auto-backfill' })).toContain(
      'turned automatic backfill off',
    )
  })

  it('speaks of a game session only where there is one', () => {
    expect(said({ status: 'COMPLETED', cause: 'matched' })).toContain('game session below')
    expect(said({ status: 'COMPLETED', cause: 'matched', gameSessionArn: null })).toContain('standalone')
  })

  it('speaks of one player as one', () => {
    expect(said({ status: 'CANCELLED', cause: 'rejected', playerCount: 1 })).toContain('because its player rejected')
    expect(said({ status: 'CANCELLED', cause: 'rejected', playerCount: 2 })).toContain(
      'because one of its players rejected',
    )
  })

  it('repeats what GameLift said where we know no more', () => {
    expect(said({ status: 'FAILED', cause: 'unknown', statusMessage: 'The sky fell' })).toContain(
      'GameLift says: The sky fell.',
    )
  })

  it('says who dropped a match, and never that the time ran out when it did not', () => {
    const dropped = { rejectedBy: [{ playerId: 'raj', ticketId: 't2' }], unanswered: ['ana'], timedOut: false }
    const text = said({ status: 'CANCELLED', cause: 'not-answered', dropped })
    expect(text).toContain('raj (ticket t2) rejected the match before ana had answered.')
    expect(text).not.toContain('in time')
    for (const unknown of [said({ status: 'CANCELLED', cause: 'not-answered' }), CAUSE_WORDS['not-answered']]) {
      expect(unknown).toContain('had not accepted when the')
      expect(unknown).not.toContain('in time')
    }
    expect(said({ cause: 'returned-not-accepted', dropped: { ...dropped, unanswered: [] } })).toContain(
      'Back in search: raj (ticket t2) rejected the proposed match. All players here had accepted.',
    )
    expect(said({ cause: 'returned-not-accepted' })).not.toContain('had accepted')
  })

  it('names the player who queued again, and the newer ticket as a link', () => {
    const supersededBy = { playerId: 'ana', ticketId: 't2', kind: 'new' as const }
    const given = { status: 'CANCELLED' as const, cause: 'superseded' as const, supersededBy }
    expect(said(given)).toMatch(
      /^Cancelled because ana queued again in ticket t2; a player can be in one open ticket only\. .*becomes of the player is shown there\.$/,
    )
    expect(causeSentence(aTicket(given), now)).toContainEqual({ ticketId: 't2' })
    expect(said({ ...given, playerCount: 3 })).toContain('who are not in it are free to start again.')
    expect(said({ ...given, supersededBy: { ...supersededBy, kind: 'backfill' } })).toContain(
      'ana is listed in the newer backfill ticket t2',
    )
    expect(said({ ...given, supersededBy: null })).toContain('its player started a newer ticket')
  })

  it('names the game session too where a backfill ended because a player of it queued again', () => {
    for (const kind of ['backfill', 'auto-backfill'] as const) {
      const supersededBy = { playerId: 'ana', ticketId: 't2', kind: 'new' as const }
      const given = { status: 'CANCELLED' as const, cause: 'superseded' as const, kind, supersededBy }
      expect(said(given)).toBe(
        'Cancelled because ana queued again in ticket t2 while this backfill listed the player in game session arn:s. Nothing more happens to it; to fill the game session takes a new backfill request without ana.',
      )
      expect(causeSentence(aTicket(given), now)).toContainEqual({ gameSessionArn: 'arn:s' })
      expect(said({ ...given, gameSessionArn: null })).toContain('in its game session. Nothing more')
    }
  })

  it('shortens long and many player ids', () => {
    const waitingFor = ['x'.repeat(1024), 'b', 'c', 'd', 'e', 'f']
    const text = said({ status: 'REQUIRES_ACCEPTANCE', cause: 'proposed', waitingFor, playerCount: 6 })
    expect(text).toContain('and 2 more')
    expect(text.length).toBeLessThan(330)
  })
})

it('has short words for every cause', () => {
  expect(Object.keys(CAUSE_WORDS).sort()).toEqual([...CAUSES].sort())
})
