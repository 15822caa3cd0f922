import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { recordIntent, recordOutcome } from '#lib/access/audit.ts'
import type { Person } from '#lib/access/sessions.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { exportAudit } from './export-audit.ts'
import { type AuditFilter, getAudit, listAudit, readAuditFilter, type Sight } from './list-audit.ts'

const database = testDatabase()
const START = Date.parse('2026-11-01T00:00:00Z')
const ROWS = 30_000
const ANA: Person = { personId: randomUUID(), name: 'Ana', role: 'operator' }
const BO: Person = { personId: randomUUID(), name: 'Bo', role: 'viewer' }
const ALL: Sight = { all: true }
const filter = (given: Record<string, string> = {}): AuditFilter => readAuditFilter(given)
const requestOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

beforeAll(async () => {
  await database.db.query(
    `insert into audit (at, person_id, person_name, role, environment, action, target, input, request_id, outcome, finished_at)
     select $1::timestamptz + make_interval(secs => n * 60), case when n % 10 = 0 then $2::uuid else $3::uuid end,
            case when n % 10 = 0 then 'Bo' else 'Ana' end, 'operator', case when n % 3 = 0 then 'prod' else 'local' end,
            case when n % 500 = 0 then 'match.answer' else 'ticket.cancel' end, 't-' || n / 4, '{"reason":"stuck"}',
            ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
            case when n % 700 = 0 then 'failed' else 'done' end, $1::timestamptz + make_interval(secs => n * 60 + 1)
     from generate_series(1, $4::int) as n`,
    [new Date(START), BO.personId, ANA.personId, ROWS],
  )
  await database.db.query('analyze audit')
})

describe('the list', () => {
  it('is newest first, and its pages meet without gap or repetition', async () => {
    const seen: number[] = []
    let cursor: string | null = null
    for (let pages = 0; pages < 4; pages++) {
      const page: Awaited<ReturnType<typeof listAudit>> = await listAudit(
        database.db,
        filter({ person: 'Bo', ...(cursor === null ? {} : { cursor }) }),
        ALL,
      )
      seen.push(...page.rows.map(({ auditId }) => auditId))
      cursor = page.nextCursor
    }
    expect(seen).toHaveLength(400)
    expect(seen).toEqual([...new Set(seen)].sort((one, other) => other - one))
  })

  it('ends without a further page', async () => {
    const page = await listAudit(database.db, filter({ target: 't-7' }), ALL)
    expect(page.rows.map(({ target }) => target)).toEqual(['t-7', 't-7', 't-7', 't-7'])
    expect(page.nextCursor).toBeNull()
  })

  it.each([
    ['person', { person: 'Bo' }, ROWS / 10],
    ['environment', { environment: 'prod' }, ROWS / 3],
    ['action', { action: 'match.answer' }, ROWS / 500],
    ['outcome', { outcome: 'failed' }, Math.floor(ROWS / 700)],
    ['target', { target: 't-7' }, 4],
    ['request id', { request: requestOf(12) }, 1],
    ['time', { from: '2026-11-02T00:00', to: '2026-11-02T01:00' }, 61],
    ['what is under way', { outcome: 'open' }, 0],
    ['a time with its zone', { from: '2026-11-02T02:00:00+02:00', to: '2026-11-02T01:00:00Z' }, 61],
    ['a time to come', { from: '2030-01-01T00:00' }, 0],
    ['several at once', { person: 'Bo', action: 'match.answer', outcome: 'done' }, ROWS / 500 - 8],
  ])('is narrowed by %s', async (_, given, expected) => {
    const page = await listAudit(database.db, filter(given), ALL, ROWS)
    expect(page.rows).toHaveLength(expected)
  })

  it.each([
    ['nothing', {}],
    ['person', { person: 'Nobody' }],
    ['environment', { environment: 'nowhere' }],
    ['action', { action: 'match.answer' }],
    ['outcome', { outcome: 'failed' }],
    ['what is under way', { outcome: 'open' }],
    ['target', { target: 't-7' }],
    ['request id', { request: requestOf(12) }],
    ['time', { from: '2026-11-02T00:00', to: '2026-11-02T01:00' }],
    ['own rows', {}, { all: false, person: BO } as const],
  ])('reads few rows when narrowed by %s, however many there are', async (_, given, sight: Sight = ALL) => {
    const statements: { text: string; values: unknown[] }[] = []
    const recording = {
      query: (text: string, values: unknown[]) => {
        statements.push({ text, values })
        return database.db.query(text, values)
      },
    }
    await listAudit(recording as unknown as typeof database.db, filter(given), sight)
    const [{ text, values }] = statements as [(typeof statements)[number]]
    const { rows } = await database.db.query<{ 'QUERY PLAN': [{ Plan: object }] }>(
      `explain (analyze, buffers, format json) ${text}`,
      values,
    )
    const plan = JSON.stringify(rows[0]?.['QUERY PLAN'])
    expect(plan).not.toContain('"Node Type":"Seq Scan"')
    const root = rows[0]?.['QUERY PLAN'][0].Plan as { 'Shared Hit Blocks': number; 'Shared Read Blocks': number }
    expect(root['Shared Hit Blocks'] + root['Shared Read Blocks']).toBeLessThan(400)
  })

  it('shows nobody what others did, whatever the address says', async () => {
    const own = { all: false, person: BO } as const
    const page = await listAudit(database.db, filter({ person: 'Ana' }), own)
    expect(page.rows).toEqual([])
    const [other] = (await listAudit(database.db, filter({ person: 'Ana' }), ALL, 1)).rows
    const [mine] = (await listAudit(database.db, filter({ person: 'Bo' }), ALL, 1)).rows
    expect(await getAudit(database.db, other?.auditId ?? 0, own)).toBeNull()
    expect(await getAudit(database.db, mine?.auditId ?? 0, own)).toMatchObject({ person: 'Bo' })
    expect(await getAudit(database.db, 999_999_999, own)).toBeNull()
  })

  it('reads no nonsense from an address', () => {
    const nothing = filter()
    expect(filter({ outcome: 'nonsense', from: 'soon', to: 'x', cursor: '-1', request: "' or 1=1" })).toEqual(nothing)
    expect(readAuditFilter({ person: ['a', 'b'], target: 'x'.repeat(2_000) })).toEqual(nothing)
    expect(filter({ person: ' Ana ', cursor: '12' })).toEqual({ ...nothing, person: 'Ana', cursor: 12 })
  })
})

describe('an entry', () => {
  it('shows the click and each of its calls', async () => {
    const requestId = randomUUID()
    const intent = {
      ...{ person: ANA, environment: 'local', protection: 'open' as const, action: 'match.answer' as const },
      ...{ target: 't-x', input: { answer: 'ACCEPT', reason: 'asked to' }, requestId },
    }
    const done = { outcome: 'done', code: null, message: null, data: { ok: 1 } } as const
    const at = new Date(START)
    const click = (await recordIntent(database.db, { ...intent, step: 0 }, at)) ?? 0
    const call = (await recordIntent(database.db, { ...intent, target: 't-y', step: 1 }, at)) ?? 0
    await recordOutcome(database.db, call, done, at)
    await recordOutcome(database.db, click, done, at)
    expect(await getAudit(database.db, click, ALL)).toMatchObject({
      ...{ person: 'Ana', protection: 'open', reason: 'asked to', data: { ok: 1 }, sealedAs: null },
      steps: [
        { auditId: click, step: 0 },
        { auditId: call, step: 1, target: 't-y' },
      ],
    })
  })
})

describe('an export', () => {
  const take = (search: Record<string, string>, signal = new AbortController().signal) =>
    exportAudit(database.db, ANA, anEnvironment(), new URLSearchParams(search), signal)

  it('is recorded before anything is handed out, with its filter', async () => {
    const response = await take({ format: 'json', person: 'Bo' })
    const { rows } = await database.db.query(
      `select outcome, person_name, input from audit where action = 'audit.export' order by audit_id desc limit 1`,
    )
    expect(rows).toMatchObject([
      { outcome: 'done', person_name: 'Ana', input: { format: 'json', filter: { person: 'Bo' } } },
    ])
    await response.body?.cancel()
  })

  it('has every row that matches, as JSON', async () => {
    const response = await take({ format: 'json', person: 'Bo' })
    const rows = (await response.json()) as { auditId: number; person: string }[]
    expect(rows).toHaveLength(ROWS / 10)
    expect(new Set(rows.map(({ auditId }) => auditId)).size).toBe(ROWS / 10)
    expect(rows.every(({ person }) => person === 'Bo')).toBe(true)
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="matchdesk-audit-[\d-]+\.json"$/)
  })

  it('is CSV that no spreadsheet runs', async () => {
    await database.db.query(
      `insert into audit (at, person_name, action, target, input, request_id)
       values (now(), '=cmd|x', 'ticket.cancel', '@sum(1)', '{}', gen_random_uuid())`,
    )
    const response = await take({ format: 'csv', target: '@sum(1)' })
    const [header, line, ...more] = (await response.text()).trimEnd().split('\r\n')
    expect(header).toMatch(/^"auditId","at","finishedAt","person"/)
    expect(line).toContain(`"'=cmd|x"`)
    expect(line).toContain(`"'@sum(1)"`)
    expect(more).toEqual([])
  })

  it('is refused in any other form, and then not recorded', async () => {
    const before = await database.db.query(`select count(*) from audit where action = 'audit.export'`)
    await expect(take({ format: 'xls' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await database.db.query(`select count(*) from audit where action = 'audit.export'`)).toMatchObject({
      rows: before.rows,
    })
  })
})
