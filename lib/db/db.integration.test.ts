import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { migrate } from './migrate.ts'
import { inTransaction, openPool } from './pool.ts'
import { testDatabase } from './testing/database.ts'

const database = testDatabase()

describe('the database', () => {
  it('is a real PostgreSQL that syncs to disk', async () => {
    const { rows } = await database.db.query("select current_setting('fsync') as fsync, version()")
    expect(rows[0].fsync).toBe('on')
    expect(rows[0].version).toMatch(/^PostgreSQL 18/)
  })

  it('applies each migration once, also when several processes start together', async () => {
    const pools = [1, 2, 3, 4].map(() => openPool(database.url, { name: 'race', max: 1 }))
    expect(await Promise.all(pools.map((pool) => migrate(pool)))).toEqual([[], [], [], []])
    await Promise.all(pools.map((pool) => pool.end()))
  })

  it('takes a transaction back whole when its work throws', async () => {
    await database.db.query('create table if not exists scratch (id int primary key)')
    const attempt = inTransaction(database.db, async (tx) => {
      await tx.query('insert into scratch values (1)')
      throw new Error('changed my mind')
    })
    await expect(attempt).rejects.toThrow('changed my mind')
    expect((await database.db.query('select * from scratch')).rows).toEqual([])
  })

  it('takes its locks from a replica that froze inside a transaction', async () => {
    const serving = openPool(database.url, { name: 'frozen', max: 1, serving: true })
    const { rows } = await serving.query('show idle_in_transaction_session_timeout')
    expect(rows).toEqual([{ idle_in_transaction_session_timeout: '5s' }])
    const attempt = inTransaction(serving, async (tx) => {
      await tx.query("set local idle_in_transaction_session_timeout = '50ms'")
      await tx.query('select pg_advisory_xact_lock(1)')
      await sleep(300)
      await tx.query('select 1')
    })
    await expect(attempt).rejects.toThrow()
    expect((await database.db.query('select pg_try_advisory_lock(1) as free')).rows).toEqual([{ free: true }])
    await serving.end()
  })

  it('says that a connection broke to whoever uses it, and to nobody else', async () => {
    const uncaught: unknown[] = []
    const note = (error: unknown) => void uncaught.push(error)
    process.prependListener('uncaughtException', note)
    const attempt = inTransaction(database.db, async (tx) => {
      const { rows } = await tx.query('select pg_backend_pid() as pid')
      await database.db.query('select pg_terminate_backend($1)', [rows[0].pid])
      await sleep(100) // in which nobody waits for an answer on it
      await tx.query('select 1')
    })
    await expect(attempt).rejects.toThrow()
    process.off('uncaughtException', note)
    expect(uncaught).toEqual([])
    expect((await database.db.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })
})
