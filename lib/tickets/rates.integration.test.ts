import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { START } from '#lib/flexmatch/testing/builders.ts'
import { playedHistory } from '#lib/flexmatch/testing/histories.ts'
import { ingest } from './ingest.ts'
import { rates } from './rates.ts'
import { arrivalsOf } from './testing/arrivals.ts'
import type { RatesView } from './views.ts'

const database = testDatabase()
const MINUTE_MS = 60_000
/** The histories last minutes: from here on both windows hold all of them. */
const NOW = START + 20 * MINUTE_MS

const total = (view: RatesView, measure: string) => view.measures[measure]?.reduce((sum, count) => sum + count, 0)

/** The same from the tickets themselves, one by one. */
async function scanned(environment: string, view: RatesView, configuration: string | null) {
  const from = Date.parse(view.from)
  const { rows } = await database.db.query<{ status: string; started_at: Date; ended_at: Date | null }>(
    'select status, started_at, ended_at from tickets where environment = $1 and ($2::text is null or configuration = $2)',
    [environment, configuration],
  )
  const measures: Record<string, number[]> = {}
  for (const measure of Object.keys(view.measures)) measures[measure] = view.measures[measure]!.map(() => 0)
  const add = (measure: string, at: Date, by: number) => {
    const index = Math.floor((at.getTime() - from) / view.bucketMs)
    const counts = measures[measure]
    if (counts && index >= 0 && index < counts.length) counts[index]! += by
  }
  for (const { status, started_at, ended_at } of rows) {
    add('started', started_at, 1)
    if (ended_at === null) continue
    add(status, ended_at, 1)
    if (status === 'COMPLETED') add('waitMs', ended_at, ended_at.getTime() - started_at.getTime())
  }
  return measures
}

describe('rates', () => {
  it('are what a scan of the tickets finds, in both windows and for each configuration', async () => {
    let environments = 0
    await fc.assert(
      fc.asyncProperty(fc.array(playedHistory, { minLength: 1, maxLength: 3 }), async (histories) => {
        const environment = `rates-${++environments}`
        for (const { events } of histories) await ingest(database.db, environment, arrivalsOf(events), NOW)
        const { rows } = await database.db.query<{ configuration: string }>(
          'select distinct configuration from tickets where environment = $1',
          [environment],
        )
        for (const window of ['1h', '24h'] as const) {
          for (const configuration of [null, ...rows.map((row) => row.configuration)]) {
            const view = await rates(database.db, environment, window, configuration, NOW)
            expect(view.measures).toEqual(await scanned(environment, view, configuration))
            expect(total(view, 'started')).toBeGreaterThan(0)
          }
        }
      }),
      { numRuns: 25 },
    )
  })

  it('end with the bucket that is going on, and say nothing of other environments', async () => {
    const hour = await rates(database.db, 'nobody', '1h', null, NOW + 30_000)
    expect(hour).toMatchObject({ bucketMs: MINUTE_MS, from: new Date(NOW - 59 * MINUTE_MS).toISOString() })
    expect(hour.measures.COMPLETED).toHaveLength(60)
    const day = await rates(database.db, 'nobody', '24h', null, NOW)
    expect(day.measures.COMPLETED).toHaveLength(96)
    expect(Date.parse(day.from) % day.bucketMs).toBe(0)
    expect(total(day, 'started')).toBe(0)
  })
})
