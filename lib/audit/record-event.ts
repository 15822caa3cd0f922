/** A row of the trail for what has no effect to wait for: a refusal, an export, a look at what is masked. */
import type { Outcome } from '#lib/access/audit.ts'
import type { Action } from '#lib/access/roles.ts'
import type { Person } from '#lib/access/sessions.ts'
import type { Queryable } from '#lib/db/pool.ts'
import type { ErrorCode } from '#lib/flexmatch/result.ts'
import type { Protection } from '#lib/tickets/views.ts'

export interface RecordedEvent {
  person: Person
  environment: string | null
  protection: Protection | null
  action: Action
  target: string | null
  input: object
  requestId: string
  outcome: Outcome['outcome']
  code?: ErrorCode
  message?: string
  data?: unknown
}

/** Commits intent and outcome in one row. Whoever hands something out does so after this has resolved. Returns audit_id. */
export async function recordEvent(db: Queryable, event: RecordedEvent, now: Date): Promise<number> {
  const { rows } = await db.query<{ audit_id: number }>(
    `insert into audit (at, person_id, person_name, role, environment, protection, action, target, input, request_id,
                        outcome, outcome_code, outcome_message, outcome_data, finished_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $1) returning audit_id`,
    [
      now,
      event.person.personId,
      event.person.name,
      event.person.role,
      event.environment,
      event.protection,
      event.action,
      event.target,
      JSON.stringify(event.input),
      event.requestId,
      event.outcome,
      event.code ?? null,
      event.message ?? null,
      event.data === undefined ? null : JSON.stringify(event.data),
    ],
  )
  const auditId = rows[0]?.audit_id
  if (auditId === undefined) throw new Error('The audit trail took no row.')
  return auditId
}
