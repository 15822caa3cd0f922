/** What the audit page asks: a page of clicks, newest first, and one click with the calls it made. */
import * as z from 'zod/mini'
import type { Person } from '#lib/access/sessions.ts'
import type { Queryable } from '#lib/db/pool.ts'

export const PAGE_SIZE = 100
export const OUTCOMES = ['done', 'refused', 'failed', 'unknown', 'denied', 'open'] as const

const text = z.optional(z.catch(z.string().check(z.trim(), z.maxLength(1024)), ''))
const moment = z.optional(
  z.catch(z.string().check(z.refine((value) => value === '' || !Number.isNaN(Date.parse(value)))), ''),
)
/** What the address says. What cannot be read narrows nothing. */
const Given = z.object({
  person: text,
  environment: text,
  action: text,
  outcome: z.optional(z.catch(z.enum(OUTCOMES), 'done' as never)),
  target: text,
  request: text,
  from: moment,
  to: moment,
  cursor: text,
})

export interface AuditFilter {
  /** A name, exactly. */
  person: string | null
  environment: string | null
  action: string | null
  outcome: (typeof OUTCOMES)[number] | null
  target: string | null
  requestId: string | null
  /** ISO 8601 with zone, or as a date field gives it: then UTC. */
  from: string | null
  to: string | null
  /** The `audit_id` of the last row of the page before. */
  cursor: number | null
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function readAuditFilter(given: Record<string, string | string[] | undefined>): AuditFilter {
  const single = Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === 'string'))
  const outcome = OUTCOMES.find((each) => each === single.outcome) ?? null
  const parsed = z.safeParse(Given, { ...single, outcome: outcome ?? undefined })
  const read = parsed.success ? parsed.data : {}
  const cursor = /^\d{1,15}$/.test(read.cursor ?? '') ? Number(read.cursor) : null
  return {
    person: read.person || null,
    environment: read.environment || null,
    action: read.action || null,
    outcome,
    target: read.target || null,
    requestId: UUID.test(read.request ?? '') ? (read.request ?? null) : null,
    from: read.from || null,
    to: read.to || null,
    cursor,
  }
}

/** The same as an address has it, without the cursor. */
export function auditFilterQuery(filter: AuditFilter): Record<string, string> {
  const { person, environment, action, outcome, target, requestId: request, from, to } = filter
  const all = { person, environment, action, outcome, target, request, from, to }
  return Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value]])))
}

export interface AuditRow {
  auditId: number
  /** ISO 8601. */
  at: string
  person: string | null
  role: string | null
  environment: string | null
  action: string
  target: string | null
  /** null while it is being carried out. */
  outcome: string | null
  code: string | null
  message: string | null
  reason: string | null
  requestId: string
  step: number
}

/** Whose rows somebody may see: their own, or everybody's. */
export type Sight = { all: true } | { all: false; person: Person }

const ROW = `audit_id as "auditId", at, person_name as person, role, environment, action, target, outcome,
  outcome_code as code, outcome_message as message, input ->> 'reason' as reason, request_id as "requestId", step`

type Stored = Omit<AuditRow, 'at'> & { at: Date }
const rowOf = ({ at, ...row }: Stored): AuditRow => ({ ...row, at: at.toISOString() })

/** Newest first: `audit_id` grows with time, and is unique. Clicks only, unless one thing's whole story is asked for. */
export async function listAudit(
  db: Queryable,
  filter: AuditFilter,
  sight: Sight,
  limit = PAGE_SIZE,
): Promise<{ rows: AuditRow[]; nextCursor: string | null }> {
  const { conditions, values } = conditionsOf(filter, sight)
  if (filter.target === null && filter.requestId === null) conditions.push('step = 0')
  values.push(limit + 1)
  const { rows } = await db.query<Stored>(
    `select ${ROW} from audit ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
     order by audit_id desc limit $${values.length}`,
    values,
  )
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown.map(rowOf), nextCursor: rows.length > limit && last ? String(last.auditId) : null }
}

/** How far apart in `audit_id` rows may lie that are the other way round in time: replicas have clocks of their own. */
const OUT_OF_ORDER = 1_000

function conditionsOf(filter: AuditFilter, sight: Sight): { conditions: string[]; values: unknown[] } {
  const conditions: string[] = []
  const values: unknown[] = []
  const add = (sql: (place: string) => string, value: unknown) => {
    values.push(value)
    conditions.push(sql(`$${values.length}`))
  }
  if (!sight.all) add((place) => `person_id = ${place}`, sight.person.personId)
  const equal: [string, string | null][] = [
    ['person_name', filter.person],
    ['environment', filter.environment],
    ['action', filter.action],
    ['target', filter.target],
    ['request_id', filter.requestId],
  ]
  for (const [column, value] of equal) if (value !== null) add((place) => `${column} = ${place}`, value)
  if (filter.outcome === 'open') conditions.push('outcome is null')
  else if (filter.outcome !== null) add((place) => `outcome = ${place}`, filter.outcome)
  // Times are turned into ids first: rows are then found by the one index that also orders them.
  if (filter.from !== null) {
    add(
      (place) =>
        `audit_id >= coalesce((select audit_id from audit where at >= ${place}::timestamptz order by at, audit_id limit 1), 9223372036854775807) - ${OUT_OF_ORDER}
         and at >= ${place}::timestamptz`,
      instant(filter.from),
    )
  }
  if (filter.to !== null) {
    add(
      (place) =>
        `audit_id <= coalesce((select audit_id from audit where at <= ${place}::timestamptz order by at desc, audit_id desc limit 1), 0) + ${OUT_OF_ORDER}
         and at <= ${place}::timestamptz`,
      instant(filter.to),
    )
  }
  if (filter.cursor !== null) add((place) => `audit_id < ${place}`, filter.cursor)
  return { conditions, values }
}

/** A date field names no zone; then it is UTC, as the page says beside it. */
function instant(given: string): string {
  return new Date(/(Z|[+-]\d\d:?\d\d)$/.test(given) || !given.includes('T') ? given : `${given}Z`).toISOString()
}

export interface AuditView extends AuditRow {
  protection: string | null
  /** ISO 8601; null while it is being carried out. */
  finishedAt: string | null
  input: unknown
  data: unknown
  before: unknown
  after: unknown
  /** The entry of the chain that covers it; null while it waits. */
  sealedAs: number | null
  /** The whole click, first the click itself. */
  steps: AuditRow[]
}

const MOST_STEPS = 200

/** null when there is none, and when it is somebody else's: the answer must not tell which. */
export async function getAudit(db: Queryable, auditId: number, sight: Sight): Promise<AuditView | null> {
  const { rows } = await db.query<
    Stored & {
      protection: string | null
      finished_at: Date | null
      input: unknown
      data: unknown
      before: unknown
      after: unknown
      sealed_as: number | null
      person_id: string | null
    }
  >(
    `select ${ROW}, protection, finished_at, input, outcome_data as data, state_before as before, state_after as after,
            person_id,
            (select max(seq) from audit_links l where l.audit_id = audit.audit_id and l.kind in ('intent', 'outcome')) as sealed_as
     from audit where audit_id = $1 ${sight.all ? '' : 'and person_id = $2'}`,
    sight.all ? [auditId] : [auditId, sight.person.personId],
  )
  const row = rows[0]
  if (!row) return null
  const { finished_at: finishedAt, sealed_as: sealedAs, person_id: personId, protection, ...rest } = row
  const { rows: steps } = await db.query<Stored>(
    `select ${ROW} from audit where request_id = $1 and person_id is not distinct from $2
     order by step limit ${MOST_STEPS}`,
    [row.requestId, personId],
  )
  return {
    ...rowOf(rest),
    ...{ input: rest.input, data: rest.data, before: rest.before, after: rest.after },
    ...{ protection, sealedAs },
    finishedAt: finishedAt?.toISOString() ?? null,
    steps: steps.map(rowOf),
  }
}

/** Names for the filter: who may sign in now or could once. */
export async function listNames(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>('select name from people order by name limit 500')
  return rows.map(({ name }) => name)
}

export interface FullAuditRow extends AuditRow {
  personId: string | null
  protection: string | null
  finishedAt: string | null
  input: unknown
  data: unknown
  before: unknown
  after: unknown
}

const EXPORT_PAGE_SIZE = 1_000

/** For exports: everything of each row, calls too, everybody's. Empty after the last. */
export async function readFullPage(db: Queryable, filter: AuditFilter): Promise<FullAuditRow[]> {
  const { conditions, values } = conditionsOf(filter, { all: true })
  values.push(EXPORT_PAGE_SIZE)
  const { rows } = await db.query<Omit<FullAuditRow, 'at' | 'finishedAt'> & { at: Date; finished_at: Date | null }>(
    `select ${ROW}, person_id as "personId", protection, finished_at, input, outcome_data as data,
            state_before as before, state_after as after
     from audit ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
     order by audit_id desc limit $${values.length}`,
    values,
  )
  return rows.map(({ at, finished_at: finishedAt, ...row }) => ({
    ...row,
    at: at.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  }))
}
