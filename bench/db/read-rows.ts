/** Rows D1 to D5: what pages ask the index for, at the size that `--index-rows` says. */
import type { Db } from '#lib/db/pool.ts'
import type { RowGroup } from '../row-group.ts'
import type { Read } from './read.ts'
import { measureChart } from './read-chart.ts'
import { measureCounts } from './read-counts.ts'
import { measurePages } from './read-pages.ts'
import { measurePlayers } from './read-players.ts'
import { startSeededIndexes } from './seeded-indexes.ts'

const SMALL_ROWS = 100_000
const MINUTE_MS = 60_000

const reads: RowGroup = {
  section: 'db',
  ids: ['D1', 'D2', 'D3', 'D4', 'D5'],
  async measure(bench) {
    const rows = bench.indexRows
    const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
    const indexes = await startSeededIndexes()
    try {
      const small = await indexes.create(SMALL_ROWS, now)
      const db = rows === SMALL_ROWS ? small : await indexes.create(rows, now)
      await measureReads({ bench, db, rows, now }, small)
    } finally {
      await indexes.stop()
    }
  },
}

async function measureReads(read: Read, small: Db): Promise<void> {
  await measurePages(read, small)
  await measurePlayers(read)
  await measureChart(read)
  // Last: it lets tickets move, to see whether what counts them moves with them.
  await measureCounts(read)
}

export const READ_ROWS: readonly RowGroup[] = [reads]
