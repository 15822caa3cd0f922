import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#lib/db/embedded.ts'
import { migrate } from '#lib/db/migrate.ts'
import { type Db, openPool } from '#lib/db/pool.ts'
import { backUp, restore } from './backup.ts'

const WRITERS = 3

describe('backup and restore', () => {
  const folder = path.resolve('.test-data', `backup-${randomBytes(4).toString('hex')}`)
  const dataDir = path.join(folder, 'data')
  let postgres: EmbeddedPostgres
  let db: Db
  beforeAll(async () => {
    postgres = await startEmbeddedPostgres(path.join(dataDir, 'postgres'))
    db = openPool(postgres.connectionString, { name: 'tests' })
    await migrate(db)
    await db.query('create table written (writer int, place int, filling text, primary key (writer, place))')
    await db.query(`insert into written select 0, n, repeat('x', 500) from generate_series(1, 20000) n`)
    fs.writeFileSync(path.join(dataDir, 'ingest-secret'), 'a-secret-that-is-kept\n', { mode: 0o600 })
  })
  afterAll(async () => {
    await db.end()
    await postgres.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  it('under load holds all that was acknowledged before it began, in order, and starts elsewhere', async () => {
    const acknowledged = Array.from({ length: WRITERS + 1 }, () => 0)
    let writing = true
    const writers = Array.from({ length: WRITERS }, async (_, index) => {
      const writer = index + 1
      for (let place = 1; writing; place++) {
        await db.query(`insert into written values ($1, $2, repeat('y', 300))`, [writer, place])
        acknowledged[writer] = place
      }
    })
    await expect.poll(() => Math.min(...acknowledged.slice(1))).toBeGreaterThan(20)
    const before = [...acknowledged]
    const backup = path.join(folder, 'backup')
    const facts = await backUp(dataDir, db, backup)
    expect(Math.min(...acknowledged.slice(1).map((place, index) => place - Number(before[index + 1])))).toBeGreaterThan(
      0,
    )
    await db.query('checkpoint') // the copy needs nothing of the original any more
    writing = false
    await Promise.all(writers)
    expect(facts.bytes).toBeGreaterThan(10_000_000)
    expect(fs.existsSync(`${backup}.unfinished`)).toBe(false)

    const elsewhere = path.join(folder, 'elsewhere')
    await restore(backup, elsewhere)
    expect(fs.readFileSync(path.join(elsewhere, 'ingest-secret'), 'utf8')).toBe('a-secret-that-is-kept\n')
    const restored = await startEmbeddedPostgres(path.join(elsewhere, 'postgres'))
    const copy = openPool(restored.connectionString, { name: 'tests', max: 2 })
    try {
      const { rows } = await copy.query<{ writer: number; places: number; last: number }>(
        'select writer, count(*)::int as places, max(place) as last from written group by writer order by writer',
      )
      expect(rows).toHaveLength(WRITERS + 1)
      for (const { writer, places, last } of rows) {
        expect(places).toBe(last) // no hole
        expect(last).toBeGreaterThanOrEqual(writer === 0 ? 20_000 : Number(before[writer]))
      }
      expect(await migrate(copy)).toEqual([]) // the schema came along
      await copy.query(`insert into written values (99, 1, '')`) // and it takes writes
    } finally {
      await copy.end()
      await restored.stop()
    }
  })

  it('overwrites nothing, and takes nothing for a backup that is none', async () => {
    await expect(backUp(dataDir, db, folder)).rejects.toThrow('is there already')
    await expect(restore(path.join(folder, 'backup'), dataDir)).rejects.toThrow('has a database')
    await expect(restore(dataDir, path.join(folder, 'new'))).rejects.toThrow('no whole backup')
    await expect(backUp(folder, db, path.join(folder, 'other'))).rejects.toThrow('There is no database')
  })

  it('leaves no hold on the log of the database, also when it fails', async () => {
    const slots = async () => (await db.query('select slot_name from pg_replication_slots')).rows
    const blocked = path.join(folder, 'not-a-folder')
    fs.writeFileSync(blocked, '')
    await expect(backUp(dataDir, db, path.join(blocked, 'backup'))).rejects.toThrow()
    await expect.poll(slots).toEqual([])
  })
})
