import { expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { anEvent, aTicket } from '#lib/flexmatch/testing/builders.ts'
import { ingestTogether } from './ingest-together.ts'
import { arrivalsOf } from './testing/arrivals.ts'

const database = testDatabase()

it('deliveries that come while others are stored share transactions, and each hears of its own', async () => {
  const searching = Array.from({ length: 1_500 }, (_, place) =>
    anEvent('MatchmakingSearching', { time: place, tickets: [aTicket(`t-${place}`, ['ana'])] }),
  )
  // Every third comes a second time.
  const deliveries = searching.flatMap((event, place) => (place % 3 === 0 ? [event, event] : [event]))
  const answers = await Promise.all(
    deliveries.map((event) => ingestTogether(database.db, 'together', arrivalsOf([event]))),
  )
  expect(answers).toEqual(searching.flatMap((_, place) => (place % 3 === 0 ? [[true], [false]] : [[true]])))
  const { rows } = await database.db.query<{ transactions: number }>(
    `select count(distinct xmin::text) as transactions from facts where environment = 'together'`,
  )
  // The first alone, then at least a thousand together.
  expect(rows[0]?.transactions).toBeLessThanOrEqual(3)
})
