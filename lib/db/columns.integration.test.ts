import { expect, it } from 'vitest'
import { bigints, booleans, days, doubles, integers, jsons, texts, times } from './columns.ts'
import { testDatabase } from './testing/database.ts'

const database = testDatabase()

async function readBack(type: string, column: Buffer): Promise<unknown[]> {
  const { rows } = await database.db.query<{ value: unknown }>(`select unnest($1::${type}[]) as value`, [column])
  return rows.map(({ value }) => value)
}

it.each<[type: string, column: Buffer, values: unknown[]]>([
  [
    'text',
    texts(['ana', null, '', 'ä "quoted" \\ {a,b} 🎮', 'NULL']),
    ['ana', null, '', 'ä "quoted" \\ {a,b} 🎮', 'NULL'],
  ],
  ['jsonb', jsons(['{"a":["ä\\n🎮"]}', null, 'null', '7']), [{ a: ['ä\n🎮'] }, null, null, 7]],
  ['boolean', booleans([true, false, null]), [true, false, null]],
  ['int', integers([0, -1, 2 ** 31 - 1, null]), [0, -1, 2 ** 31 - 1, null]],
  ['bigint', bigints([0, -(2 ** 52), 2 ** 52, null]), [0, -(2 ** 52), 2 ** 52, null]],
  ['double precision', doubles([0.1, -1e300, null]), [0.1, -1e300, null]],
  [
    'timestamptz',
    times([0, null, Date.UTC(2026, 1, 3, 18, 20, 10, 7)]),
    [new Date(0), null, new Date('2026-02-03T18:20:10.007Z')],
  ],
  ['timestamptz', times([Date.UTC(9998, 11, 31, 23, 59, 59, 999)]), [new Date('9998-12-31T23:59:59.999Z')]],
])('a column of %s comes to the database as it was given', async (type, column, values) => {
  expect(await readBack(type, column)).toEqual(values)
})

it('a day is the UTC day of a time, before and after the year 2000', async () => {
  const given = [Date.UTC(2026, 1, 3, 23, 59, 59, 999), Date.UTC(2026, 1, 4), Date.UTC(1999, 11, 31, 23)]
  const { rows } = await database.db.query('select unnest($1::date[])::text as day', [days(given)])
  expect(rows.map(({ day }) => day)).toEqual(['2026-02-03', '2026-02-04', '1999-12-31'])
})

it('a column without values is an empty array', async () => {
  for (const [type, column] of [
    ['text', texts([])],
    ['timestamptz', times([])],
  ] as const) {
    expect(await readBack(type, column)).toEqual([])
  }
})

it('what is no time is refused before it is sent', () => {
  expect(() => times([Number.NaN])).toThrow(RangeError)
})
