import { expect, it } from 'vitest'
import { dropDays, keepPartitions } from './partitions.ts'
import { inTransaction } from './pool.ts'
import { testDatabase } from './testing/database.ts'

const database = testDatabase()
const NEW_YEARS_EVE = new Date('2031-12-30T23:59:59.999Z')

async function daysFrom(day: string): Promise<string[]> {
  const { rows } = await database.db.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits
     where inhparent in ('facts'::regclass, 'fact_tickets'::regclass, 'placements'::regclass)
       and inhrelid::regclass::text ~ $1 order by 1`,
    [`_${day}`],
  )
  return rows.map(({ name }) => name)
}

it('there is a place for the facts of today and of the next three days, made once', async () => {
  await Promise.all([1, 2, 3].map(() => keepPartitions(database.db, NEW_YEARS_EVE)))
  await keepPartitions(database.db, NEW_YEARS_EVE)
  const of = (day: string) => [`fact_tickets_${day}`, `facts_${day}`, `placements_${day}`]
  expect(await daysFrom('203112')).toEqual([...of('20311230'), ...of('20311231')].toSorted())
  expect(await daysFrom('203201')).toEqual([...of('20320101'), ...of('20320102')].toSorted())
})

it('whoever reads or writes meanwhile is not kept waiting, and what nobody is at is made', async () => {
  const later = new Date('2032-06-01T00:00:00Z')
  await inTransaction(database.db, async (tx) => {
    await tx.query('select 1 from facts limit 1') // holds the default partition until the transaction ends
    await expect(keepPartitions(database.db, later)).rejects.toThrow(/lock timeout/)
    await tx.query('select 1 from fact_tickets limit 1')
  })
  expect(await daysFrom('203206')).toHaveLength(8)
  await keepPartitions(database.db, later)
  expect(await daysFrom('203206')).toHaveLength(12)
})

it('days are made and dropped while others use all tables without a pause, in whatever order', async () => {
  const { db } = database
  let ended = false
  const tables = ['facts', 'fact_tickets', 'placements']
  const using = [tables, tables.toReversed(), tables, tables.toReversed()].map(async (order) => {
    let transactions = 0
    for (; !ended; transactions++) {
      await inTransaction(db, async (tx) => {
        for (const table of order) await tx.query(`select pg_sleep(0.02), (select 1 from ${table} limit 1)`)
      })
    }
    return transactions
  })
  for (const year of [2033, 2034, 2035]) {
    await keepPartitions(db, new Date(Date.UTC(year, 5, 1)))
    expect(await dropDays(db, new Date(Date.UTC(year, 5, 3)))).toMatchObject({ refused: null })
    expect(await daysFrom(`${year}06`)).toHaveLength(6)
  }
  ended = true
  expect(Math.min(...(await Promise.all(using)))).toBeGreaterThan(3)
})

it('a day whose table is in use for long is dropped later, and the others at once', async () => {
  const { db } = database
  await keepPartitions(db, new Date('2036-06-01T00:00:00Z'))
  const before = new Date('2036-06-02T00:00:00Z')
  await inTransaction(db, async (tx) => {
    await tx.query('select 1 from fact_tickets limit 1')
    const { refused } = await dropDays(db, before)
    expect(refused?.message).toMatch(/lock timeout/)
    expect(await daysFrom('20360601')).toEqual(['fact_tickets_20360601'])
  })
  expect(await dropDays(db, before)).toMatchObject({ refused: null })
  expect(await daysFrom('20360601')).toEqual([])
})
