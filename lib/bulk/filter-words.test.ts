import { expect, it } from 'vitest'
import { filterWords, selectionWords } from './filter-words.ts'
import type { BulkFilter } from './views.ts'

const ALL: BulkFilter = {
  ...{ tab: 'open', configuration: null, kind: null, playerId: null, ticketId: null },
  ...{ minAgeSeconds: null, presumed: false, order: 'newest' },
}

it('says what is listed, and never who the player is', () => {
  expect(filterWords(ALL)).toBe('all open tickets')
  expect(filterWords({ ...ALL, tab: 'all', configuration: 'ranked' })).toBe('open tickets of configuration ranked')
  expect(filterWords({ ...ALL, tab: 'SEARCHING', kind: 'auto-backfill', minAgeSeconds: 60 })).toBe(
    'tickets in SEARCHING of the kind automatic backfill, started at least 60 s ago',
  )
  expect(filterWords({ ...ALL, playerId: 'ana', ticketId: 't-', presumed: true })).toBe(
    'open tickets with a certain player, whose id starts with t-, whose status is presumed',
  )
  expect(selectionWords({ ticketIds: ['a'] })).toBe('1 ticket chosen one by one')
})
