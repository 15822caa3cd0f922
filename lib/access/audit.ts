/** The audit trail: who wants what, committed before the effect; what came of it, added once afterwards. */
import type { Queryable } from '#lib/db/pool.ts'
import type { ErrorCode } from '#lib/flexmatch/result.ts'
import type { Protection } from '#lib/tickets/views.ts'
import type { Action } from './roles.ts'
import type { Person } from './sessions.ts'

/** After this long an intent without outcome is not being carried out any more: its process has ended. */
export const ABANDONED_AFTER_SECONDS = 90

export interface Intent {
  person: Person
  environment: string | null
  protection: Protection | null
  action: Action
  /** What it is done to, for example a ticket id. */
  target: string | null
  input: unknown
  requestId: string
  /** 0 for the click, 1, 2, … for the calls it makes. */
  step: number
}
export interface Outcome {
  outcome: 'done' | 'refused' | 'failed' | 'unknown' | 'denied'
  code: ErrorCode | null
  message: string | null
  data: unknown
  /** What changed, as it was and as it is; left out where nothing that is kept here did. */
  changed?: { before: unknown; after: unknown } | undefined
}

/** Commits the intent. null when this person's request id (and step) is there already: the effect must not happen again. */
export async function recordIntent(db: Queryable, intent: Intent, now: Date): Promise<number | null> {
  const { rows } = await db.query<{ audit_id: number }>(
    `insert into audit (at, person_id, person_name, role, environment, protection, action, target, input, request_id, step)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (person_id, request_id, step) do nothing returning audit_id`,
    [
      now,
      intent.person.personId,
      intent.person.name,
      intent.person.role,
      intent.environment,
      intent.protection,
      intent.action,
      intent.target,
      JSON.stringify(intent.input),
      intent.requestId,
      intent.step,
    ],
  )
  return rows[0]?.audit_id ?? null
}

/** Adds the outcome. The database refuses a second one. */
export async function recordOutcome(db: Queryable, auditId: number, outcome: Outcome, now: Date): Promise<void> {
  const { rowCount } = await db.query(
    `update audit set outcome = $2, outcome_code = $3, outcome_message = $4, outcome_data = $5, finished_at = $6,
            state_before = $7, state_after = $8
     where audit_id = $1`,
    [
      auditId,
      outcome.outcome,
      outcome.code,
      outcome.message,
      outcome.data === undefined ? null : JSON.stringify(outcome.data),
      now,
      outcome.changed === undefined ? null : JSON.stringify(outcome.changed.before),
      outcome.changed === undefined ? null : JSON.stringify(outcome.changed.after),
    ],
  )
  if (rowCount !== 1) throw new Error(`The outcome was added to ${rowCount} rows of the audit trail.`)
}

export interface Recorded {
  sameInput: boolean
  secondsAgo: number
  outcome: Outcome['outcome'] | null
  code: ErrorCode | null
  message: string | null
  data: unknown
}
/** What became of an earlier click with this request id; null when there was none. */
export async function findRecorded(
  db: Queryable,
  { person, requestId, action, input }: Pick<Intent, 'person' | 'requestId' | 'action' | 'input'>,
  now: Date,
): Promise<Recorded | null> {
  const { rows } = await db.query<Recorded>(
    `select action = $3 and input = $4::jsonb as "sameInput",
            extract(epoch from $5::timestamptz - at)::float8 as "secondsAgo",
            outcome, outcome_code as code, outcome_message as message, outcome_data as data
     from audit where person_id = $1 and request_id = $2 and step = 0`,
    [person.personId, requestId, action, JSON.stringify(input), now],
  )
  return rows[0] ?? null
}

/** Closes intents whose process ended before their outcome was known. Returns what they were about. */
export async function closeAbandoned(
  db: Queryable,
  now: Date,
): Promise<{ environment: string | null; target: string | null }[]> {
  const { rows } = await db.query<{ environment: string | null; target: string | null }>(
    `update audit set outcome = 'unknown', outcome_code = 'UNCONFIRMED', finished_at = $1,
            outcome_message = 'Matchdesk stopped before the outcome was recorded, so it is not known whether this was carried out.'
     where outcome is null and at < $1::timestamptz - make_interval(secs => $2)
     returning environment, target`,
    [now, ABANDONED_AFTER_SECONDS],
  )
  return rows
}
