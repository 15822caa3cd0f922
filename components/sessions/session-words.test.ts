import { describe, expect, it } from 'vitest'
import type { SessionToldView } from '#lib/tickets/views.ts'
import { knownFrom, playersShown, standingOf } from './session-words.ts'

const SEEN = Date.parse('2026-11-20T12:00:00Z')
const MINUTE_MS = 60_000
const told = (changes: Partial<SessionToldView> = {}): SessionToldView => ({
  status: 'ACTIVE',
  currentPlayers: 3,
  maximumPlayers: 4,
  creationPolicy: 'ACCEPT_ALL',
  seenAt: '2026-11-20T12:00:00.000Z',
  by: 'fleet-1',
  unlistedAt: null,
  ...changes,
})

describe('how a game session stands', () => {
  it.each<[string, SessionToldView | null, number, string, boolean]>([
    ['just listed', told(), SEEN + MINUTE_MS, 'ACTIVE', true],
    ['listed no more', told({ unlistedAt: '2026-11-20T12:00:30.000Z' }), SEEN + MINUTE_MS, 'was ACTIVE', false],
    ['not read for long', told(), SEEN + 6 * MINUTE_MS, 'was ACTIVE', false],
    ['ended long ago', told({ status: 'TERMINATED' }), SEEN + 600 * MINUTE_MS, 'TERMINATED', true],
    ['unknown to GameLift', told({ status: 'GONE' }), SEEN, 'GONE', true],
    ['only its match told of it', null, SEEN, 'not known', false],
  ])('%s', (_, given, now, word, sure) => {
    expect(standingOf(given, now)).toMatchObject({ word, sure })
    expect(standingOf(given, now).why === null).toBe(word === given?.status && word !== 'GONE')
  })

  it('believes GameLift where it was asked about a session that no list names', () => {
    const asked = told({ status: 'TERMINATING', unlistedAt: '2026-11-20T11:59:00.000Z' })
    expect(standingOf(asked, SEEN)).toEqual({
      word: 'TERMINATING',
      sure: true,
      why: 'fleet-1 lists it no more, but GameLift knows it.',
    })
  })

  it('says where it is known from, and how many are in it by whom', () => {
    expect(knownFrom({ source: 'event', told: null })).toBe('its match')
    expect(knownFrom({ source: 'event', told: told() })).toBe('its match and the list of fleet-1')
    expect(knownFrom({ source: 'describe', told: told({ by: 'alias-live' }) })).toBe('the list of alias-live')
    expect(playersShown({ playerCount: 2, told: null })).toBe('2')
    expect(playersShown({ playerCount: 2, told: told() })).toBe('3 of 4')
    expect(playersShown({ playerCount: 2, told: told({ maximumPlayers: null }) })).toBe('3')
  })
})
