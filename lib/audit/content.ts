/** What of a row of the trail the chain covers, as text that PostgreSQL gives the same way every time. */

const micros = (column: string) => `(extract(epoch from a.${column}) * 1000000)::bigint::text`

/** Each column of `audit` is in one of the two, or a change to it would not be noticed; `audit_id` is always covered. */
export const INTENT_COLUMNS: Readonly<Record<string, string>> = {
  at: micros('at'),
  person_id: 'a.person_id::text',
  person_name: 'a.person_name',
  role: 'a.role',
  environment: 'a.environment',
  protection: 'a.protection',
  action: 'a.action',
  target: 'a.target',
  input: 'a.input::text',
  request_id: 'a.request_id::text',
  step: 'a.step::text',
}
export const OUTCOME_COLUMNS: Readonly<Record<string, string>> = {
  outcome: 'a.outcome',
  outcome_code: 'a.outcome_code',
  outcome_message: 'a.outcome_message',
  outcome_data: 'a.outcome_data::text',
  finished_at: micros('finished_at'),
  state_before: 'a.state_before::text',
  state_after: 'a.state_after::text',
}

export type LinkKind = 'intent' | 'outcome' | 'erasure' | 'removal'

/** One text of several, in which none can run into the next: a JSON array. */
const together = (columns: readonly string[]) => `json_build_array(${columns.join(', ')})::text`
const INTENT = together(Object.values(INTENT_COLUMNS))
const OUTCOME = together(Object.values(OUTCOME_COLUMNS))
const BOTH = together([...Object.values(INTENT_COLUMNS), ...Object.values(OUTCOME_COLUMNS)])

/** What an entry of the kind in `kind` covers of the row `audit as a`. Of a removed row there is nothing left to cover. */
export function contentSql(kind: string): string {
  return `case ${kind} when 'intent' then ${INTENT} when 'outcome' then ${OUTCOME} when 'erasure' then ${BOTH} else '' end`
}
