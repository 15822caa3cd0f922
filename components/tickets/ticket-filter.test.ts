import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { INDEXED_STATUSES, TICKET_KINDS } from '#lib/flexmatch/status.ts'
import {
  changeFilter,
  countsAreOfList,
  NO_FILTER,
  narrows,
  parseTicketFilter,
  ticketFilterQuery,
} from './ticket-filter.ts'

const parse = (query: string) => parseTicketFilter(new URLSearchParams(query))

describe('the ticket filter in the address', () => {
  it('comes back from its own text, whatever it holds', () => {
    const word = fc
      .string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
      .filter((value) => value.trim() !== '' && value.isWellFormed())
    const filter = fc.record({
      tab: fc.constantFrom('open' as const, 'all' as const, ...INDEXED_STATUSES),
      configuration: fc.option(word),
      kind: fc.option(fc.constantFrom(...TICKET_KINDS)),
      playerId: fc.option(word),
      ticketId: fc.option(word),
      minAgeSeconds: fc.option(fc.integer({ min: 1, max: 31_536_000 })),
      presumed: fc.boolean(),
      order: fc.constantFrom('newest' as const, 'oldest' as const),
      cursor: fc.option(word),
    })
    fc.assert(
      fc.property(filter, (given) => {
        expect(parse(ticketFilterQuery(given))).toEqual(given)
      }),
    )
  })

  it('is empty for the first view', () => {
    expect(ticketFilterQuery(NO_FILTER)).toBe('')
    expect(parse('')).toEqual(NO_FILTER)
  })

  it('ignores what it cannot mean', () => {
    expect(parse('tab=DONE&kind=x&minAgeSeconds=-1&order=up&configuration=%20&presumed=yes')).toEqual(NO_FILTER)
    expect(parse(`playerId=${'x'.repeat(1025)}&minAgeSeconds=1e9`)).toEqual(NO_FILTER)
  })

  it('starts at the first page again when what is listed changes', () => {
    const second = { ...NO_FILTER, cursor: 'c' }
    expect(changeFilter(second, { tab: 'FAILED' })).toEqual({ ...NO_FILTER, tab: 'FAILED', cursor: null })
    expect(changeFilter(second, { cursor: 'd' }).cursor).toBe('d')
  })

  it('knows whether anything but the tab narrows the list', () => {
    expect(narrows({ ...NO_FILTER, tab: 'FAILED', order: 'oldest' })).toBe(false)
    expect(narrows({ ...NO_FILTER, playerId: 'ana' })).toBe(true)
    expect(narrows({ ...NO_FILTER, presumed: true })).toBe(true)
  })

  it('knows when the kept counters do not count what is listed', () => {
    expect(countsAreOfList({ ...NO_FILTER, tab: 'all', configuration: 'duel', kind: 'new', presumed: true })).toBe(true)
    for (const more of [{ playerId: 'ana' }, { ticketId: 't' }, { minAgeSeconds: 60 }])
      expect(countsAreOfList({ ...NO_FILTER, ...more })).toBe(false)
  })
})
