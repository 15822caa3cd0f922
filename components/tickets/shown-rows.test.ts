import { describe, expect, it } from 'vitest'
import { shownRows } from './shown-rows.ts'

const row = (ticketId: string, version = 1) => ({ ticketId, version })

describe('shownRows', () => {
  it('is what was last read while nobody is reading', () => {
    expect(shownRows(null, [row('b'), row('a')])).toEqual({ rows: [row('b'), row('a')], missing: [], waiting: 0 })
  })
  it('keeps every row in its place while somebody reads, and counts the new ones', () => {
    const shown = shownRows([row('b'), row('a')], [row('d'), row('c'), row('b', 2), row('a', 2)])
    expect(shown).toEqual({ rows: [row('b', 2), row('a', 2)], missing: [], waiting: 2 })
  })
  it('keeps a row that left the list, and says so', () => {
    expect(shownRows([row('b'), row('a')], [row('c'), row('b', 2)])).toEqual({
      rows: [row('b', 2), row('a')],
      missing: ['a'],
      waiting: 1,
    })
  })
})
