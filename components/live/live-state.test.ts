import { expect, it } from 'vitest'
import { isDatabaseSilent, type LiveState, trustOf } from './live-state.ts'

const LIVE: LiveState = { phase: 'live', heardAt: 0, staleSince: null, listening: true, outage: null }

it('says that the database is silent while the server still speaks, and not for a connection that is made again at once', () => {
  const silent: LiveState = { ...LIVE, listening: false, staleSince: 10_000 }
  expect(isDatabaseSilent(silent, 11_000)).toBe(false)
  expect(isDatabaseSilent(silent, 12_500)).toBe(true)
  expect(isDatabaseSilent({ ...silent, phase: 'lost' }, 60_000)).toBe(false) // then nobody knows
  expect(isDatabaseSilent(LIVE, 60_000)).toBe(false)
})

it('takes what was not heard for a while for stale', () => {
  expect(trustOf(LIVE, 60_000)).toBe('live')
  expect(trustOf({ ...LIVE, phase: 'lost', staleSince: 10_000 }, 12_000)).toBe('lost')
  expect(trustOf({ ...LIVE, phase: 'lost', staleSince: 10_000 }, 14_500)).toBe('stale')
  expect(trustOf({ ...LIVE, phase: 'connecting' }, 0)).toBe('connecting')
})
