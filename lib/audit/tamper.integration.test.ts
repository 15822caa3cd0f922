/** Whoever can write to the database, with every trigger off, cannot change the trail without being found. */
import { randomBytes, randomUUID } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { recordIntent, recordOutcome } from '#lib/access/audit.ts'
import { type Db, inTransaction, type Transaction } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { auditKey, type SignedHead } from './chain.ts'
import { INTENT_COLUMNS, OUTCOME_COLUMNS } from './content.ts'
import { readHead } from './head.ts'
import { seal } from './seal.ts'
import { type Check, verifyAudit } from './verify.ts'

const database = testDatabase()
const key = auditKey('the key of these tests, not of any database')
const NOW = new Date('2026-11-20T12:00:00Z')
const ROWS = 40
let head: SignedHead
let ids: number[]

async function write(db: Db, n: number): Promise<number> {
  const person = { personId: randomUUID(), name: `Person ${n % 5}`, role: 'operator' as const }
  const environment = { environment: n % 3 === 0 ? 'prod' : 'local', protection: 'open' as const }
  const input = { ticketId: `t-${n}`, reason: 'stuck' }
  const requestId = randomUUID()
  const intent = {
    person,
    ...environment,
    action: 'ticket.cancel' as const,
    target: `t-${n}`,
    input,
    requestId,
    step: 0,
  }
  const auditId = await recordIntent(db, intent, new Date(NOW.getTime() + n * 1_000))
  if (auditId === null) throw new Error('A request id came twice.')
  const refused = n % 4 === 0
  await recordOutcome(
    db,
    auditId,
    {
      ...{ outcome: refused ? 'refused' : 'done', code: refused ? 'TOO_LATE' : null },
      ...{ message: refused ? 'Too late.' : null, data: refused ? undefined : { n } },
    },
    new Date(NOW.getTime() + n * 1_000 + 40),
  )
  return auditId
}

beforeAll(async () => {
  ids = []
  for (let n = 0; n < ROWS; n++) {
    ids.push(await write(database.db, n))
    // Several sittings, as the sealer has them.
    if (n % 7 === 6) await seal(database.db, key, null, NOW)
  }
  await seal(database.db, key, null, NOW)
  const sealed = await readHead(database.db)
  if (!sealed) throw new Error('Nothing was sealed.')
  head = sealed
})

/** What somebody does to the tables, found, and undone: each starts from the sound trail. */
async function findAfter(
  mutate: (sql: (text: string, values?: unknown[]) => Promise<unknown[]>) => Promise<void>,
): Promise<Check> {
  const client = await database.db.connect()
  try {
    await client.query('begin isolation level repeatable read')
    await client.query('set local session_replication_role = replica') // no trigger and no check is asked
    await mutate(async (text, values) => (await client.query(text, values)).rows)
    return await verifyAudit(asDb(client), key, { known: [head] })
  } finally {
    await client.query('rollback')
    client.release()
  }
}

/** The walk inside the transaction that has the change, so that nothing has to be put back. */
function asDb(client: Transaction): Db {
  const inside = {
    query: (text: unknown, values?: unknown[]) => {
      if (typeof text === 'string' && /^(begin|commit|rollback|set transaction)/.test(text))
        return Promise.resolve({ rows: [] })
      return (client.query as (...args: unknown[]) => unknown)(text, values)
    },
    release() {},
  }
  return { ...inside, connect: async () => inside } as unknown as Db
}

const pick = (n: number) => ids[(n * 17 + 3) % ids.length] as number
/** A value other than the one that stands there, of the column's own type. */
const OTHER: Record<string, string> = {
  at: `at + interval '1 microsecond' * $1::int`,
  finished_at: `finished_at - interval '1 microsecond' * $1::int`,
  person_id: `md5(person_id::text || $1)::uuid`,
  request_id: `md5(request_id::text || $1)::uuid`,
  step: 'step + $1::int',
  input: `input || jsonb_build_object('n', $1::int)`,
  outcome_data: `coalesce(outcome_data, '{}') || jsonb_build_object('changed', $1::int)`,
  state_before: `jsonb_build_object('n', $1::int)`,
  state_after: `jsonb_build_object('n', $1::int)`,
  outcome: `case when outcome = 'done' then 'failed' else 'done' end || left($1, 0)`,
}
const otherOf = (column: string) => OTHER[column] ?? `coalesce(${column}, '') || 'x' || $1`
const COLUMNS = [...Object.keys(INTENT_COLUMNS), ...Object.keys(OUTCOME_COLUMNS)]

interface Mutation {
  name: string
  /** The first row it touches; null where the row named is not known beforehand (a hole in the chain). */
  row: number | null
  run(sql: (text: string, values?: unknown[]) => Promise<unknown[]>): Promise<void>
}

function mutations(): Mutation[] {
  const all: Mutation[] = []
  const add = (name: string, row: number | null, ...statements: [string, unknown[]][]) =>
    all.push({
      name,
      row,
      run: async (sql) => {
        for (const [text, values] of statements) await sql(text, values)
      },
    })
  COLUMNS.forEach((column, c) => {
    for (let n = 0; n < 12; n++) {
      const id = pick(c * 5 + n)
      add(`another ${column} in ${id}`, id, [
        `update audit set ${column} = ${otherOf(column)} where audit_id = $2`,
        [String(n + 1), id],
      ])
    }
    const id = pick(c)
    if (!['outcome_code', 'outcome_message', 'outcome_data', 'state_before', 'state_after'].includes(column)) {
      if (!['at', 'action', 'input', 'request_id', 'step'].includes(column))
        add(`no ${column} in ${id}`, id, [
          column === 'outcome' || column === 'finished_at'
            ? 'update audit set outcome = null, finished_at = null where audit_id = $1'
            : `update audit set ${column} = null where audit_id = $1`,
          [id],
        ])
    }
  })
  ids.forEach((id, n) => {
    const next = ids[n + 1]
    add(`row ${id} is gone`, id, ['delete from audit where audit_id = $1', [id]])
    add(
      `row ${id} and its entries are gone`,
      null,
      ['delete from audit where audit_id = $1', [id]],
      ['delete from audit_links where audit_id = $1', [id]],
    )
    add(`entries of row ${id} are gone`, null, ['delete from audit_links where audit_id = $1', [id]])
    add(
      `from row ${id} on everything is gone`,
      null,
      ['delete from audit where audit_id >= $1', [id]],
      ['delete from audit_links where audit_id >= $1', [id]],
    )
    add(`another link for ${id}`, id, ['update audit_links set link = $2 where audit_id = $1', [id, randomBytes(32)]])
    add(`another digest for ${id}`, id, [
      'update audit_links set digest = $2 where audit_id = $1',
      [id, randomBytes(32)],
    ])
    add(`another time of sealing for ${id}`, id, [
      `update audit_links set sealed_at = sealed_at + interval '1 s' where audit_id = $1`,
      [id],
    ])
    if (next === undefined) return
    add(
      `rows ${id} and ${next} change places`,
      id,
      ['alter table audit alter column audit_id set generated by default', []],
      ['update audit set audit_id = -1 where audit_id = $1', [id]],
      ['update audit set audit_id = $1 where audit_id = $2', [id, next]],
      ['update audit set audit_id = $1 where audit_id = -1', [next]],
    )
    add(
      `entries of ${id} and ${next} change places`,
      next,
      ['update audit_links set seq = -seq where audit_id = $1', [id]],
      ['update audit_links set seq = seq - 2 where audit_id = $1', [next]],
      ['update audit_links set seq = 2 - seq where audit_id = $1', [id]],
    )
  })
  for (let n = 0; n < 20; n++) {
    const id = 1_000_000 + n
    add(`row ${id} is put in`, id, [
      `insert into audit (audit_id, at, person_name, action, target, input, request_id) overriding system value
       values ($1, now(), 'Nobody', 'ticket.cancel', 't-1', '{}', gen_random_uuid())`,
      [id],
    ])
    add(`row ${-1 - n} is put before all others`, -1 - n, [
      `insert into audit (audit_id, at, person_name, action, target, input, request_id) overriding system value
       values ($1, '2026-01-01', 'Nobody', 'ticket.cancel', 't-1', '{}', gen_random_uuid())`,
      [-1 - n],
    ])
  }
  return all
}

it('is sound as it was sealed', async () => {
  expect(await verifyAudit(database.db, key, { known: [head] })).toMatchObject({
    bad: null,
    entries: ROWS * 2,
    waiting: 0,
  })
})

it('covers every column there is', async () => {
  const { rows } = await database.db.query<{ column_name: string }>(
    `select column_name from information_schema.columns where table_name = 'audit' and column_name <> 'audit_id'`,
  )
  expect(rows.map(({ column_name }) => column_name).sort()).toEqual([...COLUMNS].sort())
})

it('shows each of at least 500 changes, and names the first bad row', async () => {
  const all = mutations()
  expect(all.length).toBeGreaterThanOrEqual(500)
  const missed: string[] = []
  for (const { name, row, run } of all) {
    const { bad } = await findAfter(run)
    if (bad === null) missed.push(`${name}: not found`)
    else if (row !== null && bad.auditId !== row) missed.push(`${name}: named ${bad.auditId} (${bad.what})`)
    else if (row === null && bad.auditId === null && bad.seq === null) missed.push(`${name}: nothing named`)
  }
  expect(missed).toEqual([])
})

it('shows a cut that took the signed head back with it, by a head kept elsewhere', async () => {
  const cut = async (sql: (text: string, values?: unknown[]) => Promise<unknown[]>) => {
    const [earlier] = (await sql('select seq, link from audit_links where seq = 50')) as { seq: number; link: Buffer }[]
    await sql('delete from audit_links where seq > 50')
    await sql('delete from audit where audit_id not in (select audit_id from audit_links)')
    await sql(
      'update audit set outcome = null, finished_at = null where audit_id not in (select audit_id from audit_links where kind = $1)',
      ['outcome'],
    )
    await sql('update audit_head set seq = $1, link = $2', [earlier?.seq, earlier?.link])
  }
  expect((await findAfter(cut)).bad).toMatchObject({ what: expect.stringContaining('signature') })
})

it('does not seal over what was tampered with', async () => {
  const other = auditKey('a key that somebody made up for the occasion')
  await write(database.db, 1_000)
  await expect(seal(database.db, other, null, NOW)).rejects.toThrow('another key')
  await inTransaction(database.db, async (tx) => {
    await tx.query('set local session_replication_role = replica')
    await tx.query('update audit_links set link = $1 where seq = $2', [randomBytes(32), head.seq])
  })
  await expect(seal(database.db, key, null, NOW)).rejects.toThrow(/signed head|signature/)
  await inTransaction(database.db, async (tx) => {
    await tx.query('set local session_replication_role = replica')
    await tx.query('update audit_links set link = $1 where seq = $2', [head.link, head.seq])
  })
  expect(await seal(database.db, key, head, NOW)).toMatchObject({ added: 2 })
})
