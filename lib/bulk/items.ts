/**
 * How the items of a run move on. Whoever moves one locks its run first, so that the counts of the run go with its items
 * and two never wait for each other.
 */
import { type Intent, type Outcome, recordIntent, recordOutcome } from '#lib/access/audit.ts'
import type { Action, Role } from '#lib/access/roles.ts'
import { type Db, inTransaction, type Queryable, type Transaction } from '#lib/db/pool.ts'
import { tellListeners, tellOfMany } from '#lib/tickets/notify.ts'
import type { Protection } from '#lib/tickets/views.ts'
import { type BulkAction, type BulkResult, TYPED_ABOVE } from './views.ts'

export interface OpenRun {
  bulkId: string
  environment: string
  action: BulkAction
  total: number
  requestId: string
  personId: string
  personName: string
  role: Role
  protection: Protection
}
export interface ClaimedItem {
  position: number
  ticketId: string
  matchId: string | null
  playerIds: string[] | null
  /** Which try this is, from 1. An answer of another try is not the answer of this one. */
  tries: number
  auditId: number
  doubted: boolean
}

const RUN = `bulk_id as "bulkId", environment, action, total, request_id as "requestId", person_id as "personId",
  person_name as "personName", role, protection`

/** The run that began first and has something to ask; null when there is none. */
export async function nextRun(db: Queryable, environment: string): Promise<OpenRun | null> {
  const { rows } = await db.query<OpenRun>(
    `select ${RUN} from bulk_runs
     where environment = $1 and state = 'running' and coalesce((counts ->> 'waiting')::int, 0) > 0
     order by started_at limit 1`,
    [environment],
  )
  return rows[0] ?? null
}

/** Whether a call of the run may leave at this moment. */
export async function isRunning(db: Queryable, bulkId: string): Promise<boolean> {
  const { rowCount } = await db.query(`select 1 from bulk_runs where bulk_id = $1 and state = 'running'`, [bulkId])
  return rowCount === 1
}

/** The next item, with its intent on disk before anybody is asked; null when nothing waits or the run does not go on. */
export async function claimItem(db: Db, run: OpenRun): Promise<ClaimedItem | null> {
  return inTransaction(db, async (tx) => {
    const { rowCount } = await tx.query(`select 1 from bulk_runs where bulk_id = $1 and state = 'running' for update`, [
      run.bulkId,
    ])
    if (rowCount !== 1) return null
    const { rows } = await tx.query<Omit<ClaimedItem, 'auditId'>>(
      `select position, ticket_id as "ticketId", match_id as "matchId", player_ids as "playerIds", tries + 1 as tries, doubted
       from bulk_items where bulk_id = $1 and result = 'waiting' order by tries, position limit 1`,
      [run.bulkId],
    )
    const item = rows[0]
    if (!item) return null
    const auditId = await recordIntent(tx, intentOf(run, item), new Date())
    if (auditId === null)
      throw new Error(`Try ${item.tries} of item ${item.position} of ${run.bulkId} was begun before.`)
    await tx.query(
      `update bulk_items set result = 'asking', tries = $3, audit_id = $4, asked_at = clock_timestamp(), settled_at = null
       where bulk_id = $1 and position = $2`,
      [run.bulkId, item.position, item.tries, auditId],
    )
    await recount(tx, run.bulkId, 'waiting', 'asking', 1)
    return { ...item, auditId }
  })
}

export interface Settled {
  result: BulkResult
  reason: string | null
  outcome: Outcome
}

/**
 * Writes what came of a try, on the item and in the audit trail. Nothing is written when another try, or a describe, has
 * said more by now. The last item ends the run.
 */
export async function settleItem(
  db: Db,
  run: Pick<OpenRun, 'bulkId' | 'environment'>,
  item: Pick<ClaimedItem, 'position' | 'ticketId' | 'tries' | 'auditId'>,
  { result, reason, outcome }: Settled,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    await tx.query('select 1 from bulk_runs where bulk_id = $1 for update', [run.bulkId])
    const { rows } = await tx.query<{ result: BulkResult; tries: number }>(
      'select result, tries from bulk_items where bulk_id = $1 and position = $2',
      [run.bulkId, item.position],
    )
    const before = rows[0]
    if (!before || before.tries !== item.tries || !(before.result === 'asking' || before.result === 'unknown')) return
    if (result !== before.result) {
      const over = result !== 'waiting' && result !== 'unknown'
      await tx.query(
        `update bulk_items set result = $3, reason = $4, doubted = doubted or $3 = 'unknown',
           settled_at = case when $5 then clock_timestamp() end
         where bulk_id = $1 and position = $2`,
        [run.bulkId, item.position, result, reason, over],
      )
      await recount(tx, run.bulkId, before.result, result, 1)
      await tellListeners(tx, run.environment, { ticketIds: [item.ticketId] })
    }
    await addOutcome(tx, item.auditId, outcome)
    await endWhenDone(tx, run)
  })
}

/** An intent is closed as unknown when its process was gone for long: what is found out later stands on the item. */
async function addOutcome(tx: Transaction, auditId: number, outcome: Outcome): Promise<void> {
  const { rows } = await tx.query<{ open: boolean }>('select outcome is null as open from audit where audit_id = $1', [
    auditId,
  ])
  if (rows[0]?.open) await recordOutcome(tx, auditId, outcome, new Date())
}

/**
 * What was being asked when its process ended, or lost its lease, may have had its effect: nobody knows until it is looked
 * at. Returns how many.
 */
export async function doubtInterrupted(db: Db, environment: string): Promise<number> {
  const { rows } = await db.query<{ bulk_id: string }>(
    `select bulk_id from bulk_runs where environment = $1 and state in ('running', 'paused', 'aborted')
       and coalesce((counts ->> 'asking')::int, 0) > 0 order by started_at limit 100`,
    [environment],
  )
  let doubted = 0
  for (const { bulk_id: bulkId } of rows) {
    doubted += await inTransaction(db, async (tx) => {
      await tx.query('select 1 from bulk_runs where bulk_id = $1 for update', [bulkId])
      const { rowCount } = await tx.query(
        `update bulk_items set result = 'unknown', doubted = true,
           reason = 'Matchdesk stopped before the answer came.'
         where bulk_id = $1 and result = 'asking'`,
        [bulkId],
      )
      if (rowCount) await recount(tx, bulkId, 'asking', 'unknown', rowCount)
      return rowCount ?? 0
    })
  }
  return doubted
}

async function recount(tx: Queryable, bulkId: string, from: BulkResult, to: BulkResult, by: number): Promise<void> {
  await tx.query(
    `update bulk_runs set counts = counts || jsonb_build_object(
       $2::text, coalesce((counts ->> $2)::int, 0) - $4::int, $3::text, coalesce((counts ->> $3)::int, 0) + $4::int)
     where bulk_id = $1`,
    [bulkId, from, to, by],
  )
}

async function endWhenDone(tx: Queryable, run: Pick<OpenRun, 'bulkId' | 'environment'>): Promise<void> {
  const { rowCount } = await tx.query(
    `update bulk_runs set state = 'finished', finished_at = clock_timestamp(), problem = null, problem_at = null
     where bulk_id = $1 and state in ('running', 'paused') and coalesce((counts ->> 'waiting')::int, 0) = 0
       and coalesce((counts ->> 'asking')::int, 0) = 0 and coalesce((counts ->> 'unknown')::int, 0) = 0`,
    [run.bulkId],
  )
  if (rowCount === 1) await tellOfMany(tx, run.environment)
}

/** Says why nothing moves, or that it does again; `pause` stops the run until somebody resumes it. */
export async function noteProblem(
  db: Queryable,
  run: Pick<OpenRun, 'bulkId' | 'environment'>,
  problem: string | null,
  { pause = false }: { pause?: boolean } = {},
): Promise<void> {
  const { rowCount } = await db.query(
    `update bulk_runs set problem = $2, problem_at = case when $2::text is null then null else clock_timestamp() end,
       state = case when $3 then 'paused' else state end
     where bulk_id = $1 and state = 'running' and (problem is distinct from $2 or $3)`,
    [run.bulkId, problem, pause],
  )
  if (rowCount === 1) await tellOfMany(db, run.environment)
}

export function auditActionOf(action: BulkAction, count: number): Action {
  if (action !== 'cancel') return 'match.answer-many'
  return count > TYPED_ABOVE ? 'ticket.cancel-mass' : 'ticket.cancel-many'
}

function intentOf(run: OpenRun, item: Omit<ClaimedItem, 'auditId'>): Intent {
  const { ticketId, playerIds } = item
  const answer = run.action === 'accept' ? 'ACCEPT' : 'REJECT'
  return {
    person: { personId: run.personId, name: run.personName, role: run.role },
    environment: run.environment,
    protection: run.protection,
    action: auditActionOf(run.action, run.total),
    target: ticketId,
    input: { bulkId: run.bulkId, ticketId, ...(playerIds && { playerIds, answer }) },
    requestId: run.requestId,
    // The click itself is 0; each try of each item has a number of its own.
    step: (item.tries - 1) * run.total + item.position + 1,
  }
}
