/** `npm run audit:verify` as somebody runs it, on a PostgreSQL of its own. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { auditKey } from '#lib/audit/chain.ts'
import { headText, readHead, writeHeadFile } from '#lib/audit/head.ts'
import { recordEvent } from '#lib/audit/record-event.ts'
import { seal } from '#lib/audit/seal.ts'
import { inTransaction } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'

const database = testDatabase()
const SECRET = 'a secret that is longer than thirty-two characters'.replaceAll(' ', '-')
const key = auditKey(SECRET)
const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'matchdesk-verify-'))
afterAll(() => fs.rmSync(dataDir, { recursive: true, force: true }))

async function verify(args: string[] = [], env: Record<string, string> = { MATCHDESK_AUDIT_KEY: SECRET }) {
  const child = spawn(process.execPath, ['lib/start/verify-audit-command.ts', ...args], {
    env: {
      NODE_ENV: 'production',
      PATH: process.env.PATH,
      DATABASE_URL: database.url,
      MATCHDESK_DATA_DIR: dataDir,
      ...env,
    },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text))
  const code = await new Promise((resolve) => child.once('close', resolve))
  return { code, said }
}

const record = (target: string) =>
  recordEvent(
    database.db,
    {
      person: { personId: randomUUID(), name: 'Ana', role: 'qa' },
      ...{ environment: 'local', protection: 'open', action: 'ticket.cancel', target },
      ...{ input: {}, requestId: randomUUID(), outcome: 'done' },
    },
    new Date(),
  )

it('says that all is well, names the first bad row, and finds a cut by a head that was kept', async () => {
  const first = await record('t-1')
  await seal(database.db, key, null, new Date())
  expect(await verify()).toMatchObject({ code: 0, said: expect.stringContaining('2 entries') })

  // The text of a row, as somebody with the password of the database would change it.
  const tamper = (sql: string, values: unknown[]) =>
    inTransaction(database.db, async (tx) => {
      await tx.query('set local session_replication_role = replica')
      await tx.query(sql, values)
    })
  await tamper('update audit set target = $2 where audit_id = $1', [first, 't-2'])
  expect(await verify()).toMatchObject({ code: 1, said: expect.stringContaining(`Audit row ${first} was changed`) })
  const { rows } = await database.db.query('select problem from audit_check')
  expect(rows).toEqual([{ problem: expect.stringContaining(`Audit row ${first} was changed`) }])
  await tamper('update audit set target = $2 where audit_id = $1', [first, 't-1'])

  const early = await readHead(database.db)
  await record('t-3')
  const { head } = await seal(database.db, key, null, new Date())
  if (!head || !early) throw new Error('Nothing was signed.')
  await tamper('delete from audit_links where seq > $1', [early.seq])
  await tamper('delete from audit where target = $1', ['t-3'])
  await tamper('update audit_head set seq = $1, link = $2, signed_at = $3, signature = $4', [
    ...[early.seq, early.link, new Date(early.signedAt), early.signature],
  ])
  expect(await verify()).toMatchObject({ code: 0 }) // the database alone cannot know
  const cut = { code: 1, said: expect.stringContaining('entry 4 was signed') }
  expect(await verify(['--head', headText(head)])).toMatchObject(cut)
  writeHeadFile(dataDir, head)
  expect(await verify()).toMatchObject(cut)
}, 30_000)

it('says what is missing or wrong in the command itself', async () => {
  expect(await verify([], {})).toMatchObject({ code: 1, said: expect.stringContaining('There is no audit key') })
  expect(await verify(['--head', 'nonsense'])).toMatchObject({ code: 1, said: expect.stringContaining('--head') })
  expect(await verify([], { MATCHDESK_AUDIT_KEY: 'x'.repeat(40) })).toMatchObject({
    code: 1,
    said: expect.stringContaining('another key'),
  })
  const { rows } = await database.db.query('select problem from audit_check')
  expect(rows).not.toEqual([{ problem: expect.stringContaining('another key') }]) // it tells nothing about the trail
}, 30_000)
