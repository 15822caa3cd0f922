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

const ALL = [...Object.values(INTENT_COLUMNS), ...Object.values(OUTCOME_COLUMNS)]
const INTENTS = Object.keys(INTENT_COLUMNS).length

/** The select list for a row of `audit as a`, to be read as an array; `contentOf` takes it from `from` on. */
export const CONTENT_SQL = ALL.join(', ')

export type LinkKind = 'intent' | 'outcome' | 'erasure' | 'removal'

/** The texts that an entry of this kind covers. Of a removed row there is nothing left to cover. */
export function contentOf(kind: LinkKind, row: readonly unknown[], from: number): (string | null)[] {
  const texts = row.slice(from, from + ALL.length) as (string | null)[]
  switch (kind) {
    case 'intent':
      return texts.slice(0, INTENTS)
    case 'outcome':
      return texts.slice(INTENTS)
    case 'erasure':
      return texts
    case 'removal':
      return []
    default:
      return kind satisfies never
  }
}
