import { type Db, inTransaction } from '#lib/db/pool.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import { tellOfMany } from '#lib/tickets/notify.ts'
import type { BulkAction, BulkState } from './views.ts'

const FROM: Record<'pause' | 'resume' | 'abort', readonly BulkState[]> = {
  pause: ['running'],
  resume: ['paused'],
  abort: ['running', 'paused'],
}
const TO = { pause: 'paused', resume: 'running', abort: 'aborted' } as const satisfies Record<string, BulkState>

/**
 * Pauses, resumes or aborts a run. No call of it leaves once this has returned, whichever replica carries it out: each
 * asks just before it sends. A repeat changes nothing. Throws AppError REFUSED for a run that is over.
 */
export async function steerRun(
  db: Db,
  given: { environment: string; bulkId: string; actions: readonly BulkAction[]; to: keyof typeof TO },
): Promise<{ state: BulkState }> {
  const { environment, bulkId, actions, to } = given
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.query<{ state: BulkState }>(
      `select state from bulk_runs
       where bulk_id = $1 and environment = $2 and action = any($3) and state <> 'previewed' for update`,
      [bulkId, environment, actions],
    )
    const state = rows[0]?.state
    if (state === undefined) throw new AppError('NOT_FOUND', `There is no run ${bulkId} in ${environment}.`)
    if (state === TO[to]) return { state }
    if (!FROM[to].includes(state)) throw new AppError('REFUSED', `The run is ${state}; there is nothing to ${to}.`)
    await tx.query(
      `update bulk_runs set state = $2, problem = null, problem_at = null,
         finished_at = case when $2 = 'aborted' then clock_timestamp() end
       where bulk_id = $1`,
      [bulkId, TO[to]],
    )
    await tellOfMany(tx, environment)
    return { state: TO[to] }
  })
}
