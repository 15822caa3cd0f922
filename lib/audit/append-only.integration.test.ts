/** What the database itself refuses, and the one declared way around it. */
import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { recordOutcome } from '#lib/access/audit.ts'
import { migrate } from '#lib/db/migrate.ts'
import { inTransaction, openPool } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { auditKey } from './chain.ts'
import { changeAudit } from './declared-change.ts'
import { recordEvent } from './record-event.ts'
import { seal } from './seal.ts'
import { verifyAudit } from './verify.ts'

const database = testDatabase()
const key = auditKey('the key of these tests, not of any database')
const NOW = new Date('2026-11-20T12:00:00Z')

const anEvent = (target: string) => ({
  person: { personId: randomUUID(), name: 'Ana', role: 'qa' as const },
  ...{ environment: 'local', protection: 'open' as const, action: 'ticket.cancel' as const, target },
  ...{ input: { playerIds: ['p-1'] }, requestId: randomUUID(), outcome: 'done' as const, data: { player: 'p-1' } },
})
const denied = { code: '42501' }

it('keeps rows and entries from being changed or removed, by trigger', async () => {
  const id = await recordEvent(database.db, anEvent('t-1'), NOW)
  await seal(database.db, key, null, NOW)
  for (const sql of [
    `update audit set target = 't-2' where audit_id = ${id}`,
    `update audit set outcome_message = 'other' where audit_id = ${id}`,
    `update audit set state_after = '{}' where audit_id = ${id}`,
    `delete from audit where audit_id = ${id}`,
    'truncate audit',
    `update audit_links set sealed_at = now() where audit_id = ${id}`,
    `delete from audit_links where audit_id = ${id}`,
    'truncate audit_links',
  ]) {
    await expect(database.db.query(sql), sql).rejects.toMatchObject(denied)
  }
})

it('keeps them by grants too, where the role is no superuser: also with every trigger gone', async () => {
  const role = `desk_${randomUUID().slice(0, 8)}`
  await database.db.query(`create role ${role} login password 'x'`)
  await database.db.query(`create database ${role} owner ${role}`)
  const url = new URL(database.url)
  url.username = role
  url.password = 'x'
  url.pathname = `/${role}`
  const db = openPool(url.href, { name: 'tests', max: 2 })
  try {
    await migrate(db)
    const open = `insert into audit (at, action, input, request_id) values (now(), 'ticket.cancel', '{}', gen_random_uuid()) returning audit_id`
    const { rows } = await db.query<{ audit_id: number }>(open)
    const id = rows[0]?.audit_id ?? 0
    await db.query('drop trigger audit_rows on audit; drop trigger audit_table on audit')
    await db.query('drop trigger audit_links_rows on audit_links; drop trigger audit_links_table on audit_links')
    for (const sql of [
      `update audit set target = 't-2' where audit_id = ${id}`,
      `delete from audit where audit_id = ${id}`,
      'truncate audit',
      `update audit_links set sealed_at = now()`,
      `delete from audit_links`,
      'truncate audit_links',
    ]) {
      await expect(db.query(sql), sql).rejects.toMatchObject(denied)
    }
    // What has to be possible is: the one outcome, sealing, and the declared way.
    await recordOutcome(db, id, { outcome: 'done', code: null, message: null, data: null }, NOW)
    expect(await seal(db, key, null, NOW)).toMatchObject({ added: 2 })
    await inTransaction(db, (tx) =>
      changeAudit(tx, 'erasure', () => tx.query(`update audit set target = 'erased-1' where audit_id = ${id}`)),
    )
    await expect(db.query(`delete from audit where audit_id = ${id}`)).rejects.toMatchObject(denied)
    await seal(db, key, null, NOW)
    expect(await verifyAudit(db, key)).toMatchObject({ bad: null, erased: 1 })
  } finally {
    await db.end()
    await database.db.query(`drop database ${role} with (force)`)
    await database.db.query(`drop role ${role}`)
  }
})

it('erases personal text with an entry for it, and the chain stays sound', async () => {
  const id = await recordEvent(database.db, anEvent('t-secret'), NOW)
  await seal(database.db, key, null, NOW)
  const erase = (columns: string) =>
    inTransaction(database.db, (tx) =>
      changeAudit(tx, 'erasure', () => tx.query(`update audit set ${columns} where audit_id = $1`, [id])),
    )
  await erase(`person_name = 'erased-7', target = 'erased-8', input = '{}', outcome_data = null`)
  await expect(erase(`role = 'admin'`)).rejects.toMatchObject(denied)
  expect(await verifyAudit(database.db, key)).toMatchObject({ bad: { auditId: id } })
  await seal(database.db, key, null, NOW)
  expect(await verifyAudit(database.db, key)).toMatchObject({ bad: null, erased: 1 })

  // What stands there now is covered as well as what stood there before.
  await inTransaction(database.db, async (tx) => {
    await tx.query('set local session_replication_role = replica')
    await tx.query(`update audit set person_name = 'Bob' where audit_id = $1`, [id])
  })
  expect(await verifyAudit(database.db, key)).toMatchObject({ bad: { auditId: id } })
  await inTransaction(database.db, async (tx) => {
    await tx.query('set local session_replication_role = replica')
    await tx.query(`update audit set person_name = 'erased-7' where audit_id = $1`, [id])
  })
})

it('lets rows go at the end of their retention, and shows one that came back', async () => {
  const id = await recordEvent(database.db, anEvent('t-old'), NOW)
  await seal(database.db, key, null, NOW)
  await inTransaction(database.db, (tx) =>
    changeAudit(tx, 'removal', () => tx.query('delete from audit where audit_id = $1', [id])),
  )
  await seal(database.db, key, null, NOW)
  expect(await verifyAudit(database.db, key)).toMatchObject({ bad: null, removed: 1 })
  await inTransaction(database.db, async (tx) => {
    await tx.query('set local session_replication_role = replica')
    await tx.query(
      `insert into audit (audit_id, at, action, input, request_id) overriding system value
       values ($1, now(), 'ticket.cancel', '{}', gen_random_uuid())`,
      [id],
    )
  })
  expect(await verifyAudit(database.db, key)).toMatchObject({ bad: { auditId: id } })
})
