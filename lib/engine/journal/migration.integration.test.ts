import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, inject, it } from 'vitest'
import { migrate } from '#lib/db/migrate.ts'
import { openPool } from '#lib/db/pool.ts'
import { withDatabase } from '#lib/db/testing/global-setup.ts'
import type { EngineEvent } from '#lib/engine/core/contract.ts'
import { appendGroup, readEntries } from './entries.ts'
import { readEvents } from './events.ts'

const MIGRATIONS = path.resolve('lib/db/migrations')
const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

/** A database as it was before entries and events came in groups. */
async function databaseOfBefore() {
  const before = await mkdtemp(path.join(os.tmpdir(), 'matchdesk-'))
  cleanUp.push(() => rm(before, { recursive: true }))
  for (const name of await readdir(MIGRATIONS)) {
    if (name < '0004') await cp(path.join(MIGRATIONS, name), path.join(before, name))
  }
  const admin = openPool(inject('databaseUrl'), { name: 'tests', max: 1 })
  const name = `t_${randomBytes(6).toString('hex')}`
  await admin.query(`create database ${name}`).finally(() => admin.end())
  const db = openPool(withDatabase(inject('databaseUrl'), name), { name: 'tests' })
  cleanUp.push(() => db.end())
  await migrate(db, before)
  return db
}

const anEvent = (position: number, index: number): EngineEvent => ({
  position,
  index,
  eventId: `event "${position}"\\${index}`,
  timeMs: 1_763_647_445_120 + position,
  resourceArn: 'arn:aws:gamelift:eu-west-1:123456789012:matchmakingconfiguration/duel',
  detail: {
    type: 'MatchmakingCancelled',
    tickets: [],
    gameSessionInfo: { players: [] },
    reason: 'Cancelled',
    message: 'line\nbreak, "quotes", \u{1f3ae}',
  },
})

it('reads the entries and the events of a database from before they came in groups, and goes on behind them', async () => {
  const db = await databaseOfBefore()
  const texts = ['{"operation":"Tick"}', '{"operation":"SetOptions","input":{"seed":"a\\nb\\u2028"}}']
  for (const [index, text] of texts.entries()) {
    await db.query('insert into engine.journal values ($1, $2, $3)', [index + 1, 1_000 + index, text])
  }
  const events = [anEvent(1, 0), anEvent(1, 1), anEvent(2, 0)]
  for (const { position, index, eventId, timeMs, resourceArn, detail } of events) {
    await db.query('insert into engine.events values ($1, $2, $3, $4, $5, $6)', [
      ...[position, index, eventId, timeMs, resourceArn, JSON.stringify(detail)],
    ])
  }
  await migrate(db)
  await appendGroup(db, { position: 3, timeMs: 2_000, commands: [...texts, ...texts] })
  const entries = []
  for await (const { position, timeMs, text } of readEntries(db, 0)) entries.push([position, timeMs, text])
  expect(entries).toEqual([
    ...[1, 2].map((position) => [position, 999 + position, texts[position - 1]]),
    ...[3, 4, 5, 6].map((position) => [position, 2_000, texts[(position - 1) % 2]]),
  ])
  const rest = []
  for await (const { position } of readEntries(db, 4)) rest.push(position) // from the middle of a group
  expect(rest).toEqual([5, 6])
  expect(await readEvents(db, { position: 0, index: 0 })).toEqual(events)
  expect(await readEvents(db, { position: 1, index: 0 })).toEqual(events.slice(1))
})
