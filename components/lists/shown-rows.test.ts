import { describe, expect, it } from 'vitest'
import { shownRows } from './shown-rows.ts'

const row = (id: string, version = 1) => ({ id, version })
const shown = (held: ReturnType<typeof row>[] | null, latest: ReturnType<typeof row>[]) =>
  shownRows(held, latest, ({ id }) => id)

describe('shownRows', () => {
  it('is what was last read while nobody is reading', () => {
    expect(shown(null, [row('b'), row('a')])).toEqual({ rows: [row('b'), row('a')], missing: [], waiting: 0 })
  })
  it('keeps every row in its place while somebody reads, and counts the new ones', () => {
    const result = shown([row('b'), row('a')], [row('d'), row('c'), row('b', 2), row('a', 2)])
    expect(result).toEqual({ rows: [row('b', 2), row('a', 2)], missing: [], waiting: 2 })
  })
  it('keeps a row that left the list, and says so', () => {
    expect(shown([row('b'), row('a')], [row('c'), row('b', 2)])).toEqual({
      rows: [row('b', 2), row('a')],
      missing: ['a'],
      waiting: 1,
    })
  })
})
