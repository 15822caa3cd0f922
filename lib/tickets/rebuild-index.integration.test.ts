import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import type { EventFact } from '#lib/flexmatch/events.ts'
import { aDescribe, START } from '#lib/flexmatch/testing/builders.ts'
import { playedHistory } from '#lib/flexmatch/testing/histories.ts'
import { ingest } from './ingest.ts'
import { rebuildIndex } from './rebuild-index.ts'
import { arrivalsOf } from './testing/arrivals.ts'
import { dumpIndex, readRollups } from './testing/index-dump.ts'

const database = testDatabase()
const NOW = START + 30_000
const DERIVED = ['tickets', 'ticket_players', 'matches', 'game_sessions', 'counters', 'rollups', 'rollups_15', 'gaps']
/** More tickets than are rebuilt at once. */
const FULL = process.env.MATCHDESK_FAULTS === 'full'
const HISTORIES = Number(process.env.REBUILT_HISTORIES ?? (FULL ? 20_000 : 700))

it('an index that was dropped comes back from its facts as it was', { timeout: 120_000 + HISTORIES * 30 }, async () => {
  const histories = fc.sample(playedHistory, { numRuns: HISTORIES, seed: Number(process.env.REBUILT_SEED ?? 4711) })
  // All at once, as it is: the events of a ticket come in many deliveries.
  const facts = histories
    .flatMap(({ events }, index) => events.map((event) => renamed(event, index)))
    .sort((a, b) => a.time - b.time)
  const lost = facts.filter((_, index) => index % 50 !== 7)
  const described = aDescribe(30_000, { ticketId: 't0-1', status: 'COMPLETED' })
  const arrivals = arrivalsOf([...lost, described])
  for (let from = 0; from < arrivals.length; from += 200) {
    await ingest(database.db, 'rebuilt', arrivals.slice(from, from + 200), NOW)
  }
  const before = await everything()
  expect(before.gaps.length).toBeGreaterThan(20)
  for (const table of DERIVED) await database.db.query(`delete from ${table} where environment = 'rebuilt'`)
  const startedAt = performance.now()
  const tickets = await rebuildIndex(database.db, 'rebuilt', NOW)
  const perSecond = Math.round((arrivals.length / (performance.now() - startedAt)) * 1000)
  if (FULL || process.env.REBUILT_HISTORIES)
    console.log(`${arrivals.length} facts, ${tickets} tickets: ${perSecond} facts/s`)
  expect(await everything()).toEqual(before)
  expect(tickets).toBeGreaterThan(1_000)

  // And where nothing was dropped, nothing is counted twice.
  await rebuildIndex(database.db, 'rebuilt', NOW)
  expect(await everything()).toEqual(before)
})

async function everything() {
  const gaps = await database.db.query(
    `select gap_key, ticket_id, type from gaps where environment = 'rebuilt' order by gap_key, ticket_id`,
  )
  return {
    index: await dumpIndex(database.db, 'rebuilt'),
    rollups: await readRollups(database.db, 'rebuilt', 'rollups'),
    gaps: gaps.rows,
  }
}

/** The same event in a world of its own. */
function renamed(event: EventFact, world: number): EventFact {
  const text = JSON.stringify(event.detail)
    .replaceAll(/"(ticketId|playerId|matchId)":"([^"]+)"/g, `"$1":"$2-${world}"`)
    .replaceAll('arn:session/', `arn:session/${world}/`)
  return { ...event, id: `${event.id}-${world}`, detail: JSON.parse(text) }
}
