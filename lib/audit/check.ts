/** What the page says about the chain: how far it is sealed, and what the last walk over all of it found. */
import type { Queryable } from '#lib/db/pool.ts'
import type { Check } from './verify.ts'

export interface ChainView {
  /** Entries. */
  sealed: number
  /** ISO 8601; null when it was never signed. */
  signedAt: string | null
  /** Whether something is committed and waits to be sealed. */
  waiting: boolean
  /** null when it was never checked. */
  check: { at: string; entries: number; problem: string | null } | null
}

export async function noteCheck(db: Queryable, check: Check, now: Date): Promise<void> {
  await db.query(
    `insert into audit_check (checked_at, entries, problem) values ($1, $2, $3)
     on conflict (only_row) do update
       set checked_at = excluded.checked_at, entries = excluded.entries, problem = excluded.problem`,
    [now, check.entries, check.bad?.what ?? null],
  )
}

export async function readChain(db: Queryable): Promise<ChainView> {
  const { rows } = await db.query<{
    seq: number | null
    signed_at: Date | null
    waiting: boolean
    checked_at: Date | null
    entries: number | null
    problem: string | null
  }>(
    `select h.seq, h.signed_at, exists (select from audit_unsealed) as waiting, c.checked_at, c.entries, c.problem
     from (select 1) as one left join audit_head h on true left join audit_check c on true`,
  )
  const row = rows[0]
  return {
    sealed: row?.seq ?? 0,
    signedAt: row?.signed_at?.toISOString() ?? null,
    waiting: row?.waiting ?? false,
    check:
      row?.checked_at && row.entries !== null
        ? { at: row.checked_at.toISOString(), entries: row.entries, problem: row.problem }
        : null,
  }
}

/** Whether the last walk is longer ago than `everyMs`. */
export async function isCheckDue(db: Queryable, everyMs: number, now: Date): Promise<boolean> {
  const { rows } = await db.query('select 1 from audit_check where checked_at > $1', [
    new Date(now.getTime() - everyMs),
  ])
  return rows.length === 0
}
