import { expect, it } from 'vitest'
import { keepPartitions } from './partitions.ts'
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

it('whoever reads or writes meanwhile is not kept waiting', async () => {
  const later = new Date('2032-06-01T00:00:00Z')
  await inTransaction(database.db, async (tx) => {
    await tx.query('select 1 from facts limit 1') // holds the default partition until the transaction ends
    await expect(keepPartitions(database.db, later)).rejects.toThrow(/lock timeout/)
    await tx.query('select 1 from fact_tickets limit 1')
  })
  await keepPartitions(database.db, later)
  expect(await daysFrom('203206')).toHaveLength(12)
})
