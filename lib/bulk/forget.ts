import type { Queryable } from '#lib/db/pool.ts'

const AT_ONCE = 20

/** Removes previews an hour after nobody can confirm them any more, and runs with the tickets of their time. */
export async function forgetOldRuns(
  db: Queryable,
  { name, retentionDays }: { name: string; retentionDays: number },
): Promise<void> {
  await db.query(
    `delete from bulk_runs where bulk_id in (
       select bulk_id from bulk_runs where environment = $1 and state = 'previewed'
         and confirm_until < clock_timestamp() - interval '1 hour' order by confirm_until limit ${AT_ONCE})`,
    [name],
  )
  await db.query(
    `delete from bulk_runs where bulk_id in (
       select bulk_id from bulk_runs where environment = $1 and state in ('finished', 'aborted')
         and started_at < clock_timestamp() - make_interval(days => $2) order by started_at limit ${AT_ONCE})`,
    [name, retentionDays],
  )
}
