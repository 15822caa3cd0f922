/** The schedule of describes after a question was asked. Times are epoch ms. */
import { type Db, inTransaction, type Queryable } from '#lib/db/pool.ts'
import { AFTER_DEADLINE_MS, MIN_INTERVAL_MS, QUIET_MS, wantDescribed } from './describe-due.ts'
import { lockEnvironment } from './environment-lock.ts'
import { tellListeners } from './notify.ts'

/** Longer than a call takes with its second try and its waits for the budget; then a replica that was lost is not waited for. */
export const CLAIM_MS = 30_000
const FIRST_RETRY_MS = 5_000
const LAST_RETRY_MS = 60_000

/**
 * When each is asked again. That somebody wanted it described while the question was on its way stays in force; that it
 * was claimed until then (epoch ms) does not.
 */
export async function noteAsked(
  db: Db,
  environment: string,
  asked: readonly string[],
  answered: readonly string[],
  askedAt: number,
  claimedUntil: number | null,
): Promise<void> {
  const seconds = (ms: number) => `make_interval(secs => ${ms / 1000})`
  const stillWanted =
    'case when (is_open or presumed) and describe_wanted_at >= $4 then nullif(describe_wanted_at, $5) end'
  await inTransaction(db, async (tx) => {
    // Two writers of many rows would otherwise wait for each other.
    await lockEnvironment(tx, environment)
    await tx.query(
      `update tickets set
       last_described_at = $4,
       describe_failures = 0,
       confirmed_at = case when ticket_id = any($3) then greatest(confirmed_at, $4) else confirmed_at end,
       confirmed_source = case when ticket_id = any($3) and confirmed_at <= $4 then 'describe' else confirmed_source end,
       describe_wanted_at = ${stillWanted},
       describe_due_at = case
         when not is_open and not presumed then null
         else least(
           ${stillWanted},
           case
             when presumed or ticket_id <> all($3) then $4::timestamptz + ${seconds(MIN_INTERVAL_MS)}
             when acceptance_deadline is null then $4::timestamptz + ${seconds(QUIET_MS)}
             else least($4::timestamptz + ${seconds(QUIET_MS)}, greatest($4::timestamptz + ${seconds(MIN_INTERVAL_MS)},
               acceptance_deadline + ${seconds(AFTER_DEADLINE_MS)}))
           end)
       end
     where environment = $1 and ticket_id = any($2)`,
      [environment, asked, answered, new Date(askedAt), claimedUntil === null ? null : new Date(claimedUntil)],
    )
    // Also when nothing was news: how fresh the row is has changed.
    await tellListeners(tx, environment, { ticketIds: asked })
  })
}

/** After a failure: due again, later each time. */
export async function putOff(db: Db, environment: string, asked: readonly string[], askedAt: number): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockEnvironment(tx, environment)
    await tx.query(
      `update tickets set describe_failures = describe_failures + 1, describe_due_at = $3::timestamptz +
       make_interval(secs => least(${LAST_RETRY_MS / 1000}, ${FIRST_RETRY_MS / 1000} * power(2, least(describe_failures, 10))))
     where environment = $1 and ticket_id = any($2) and describe_due_at is not null`,
      [environment, asked, new Date(askedAt)],
    )
  })
}

/** After a question of somebody that was not sent: open ones are due as soon as they may be. `now` is epoch ms. */
export async function wantSoon(db: Db, environment: string, wanted: readonly string[], now: number): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockEnvironment(tx, environment)
    await tx.query(
      `update tickets set ${wantDescribed('$3::timestamptz')} where environment = $1 and ticket_id = any($2) and is_open`,
      [environment, wanted, new Date(now)],
    )
  })
}

/** After a question that was not sent: due as before, as far as they are still claimed until then (epoch ms). */
export async function putBack(
  db: Queryable,
  environment: string,
  claimed: readonly string[],
  claimedUntil: number,
): Promise<void> {
  await db.query(
    `update tickets set last_described_at = null, describe_due_at = least(describe_due_at, $4),
       describe_wanted_at = case when describe_wanted_at is not null then least(describe_wanted_at, $4) end
     where environment = $1 and ticket_id = any($2) and $3::timestamptz in (describe_due_at, describe_wanted_at)`,
    [environment, claimed, new Date(claimedUntil), new Date(claimedUntil - CLAIM_MS)],
  )
}
