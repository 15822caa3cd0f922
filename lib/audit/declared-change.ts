/** The one way in which rows of the trail are changed or go: erasing a person's text, and the end of retention. */
import type { Transaction } from '#lib/db/pool.ts'

/**
 * Lets `work` put pseudonyms in the place of personal text (`erasure`: person_name, target, input and what the outcome
 * says) or delete rows (`removal`), in its transaction only. Each row gets an entry of that kind in the chain, which stays
 * sound; of the old text nothing stays but a digest that nobody without the key can try texts against. Record in the same
 * transaction who asked for it.
 */
export async function changeAudit<T>(tx: Transaction, what: 'erasure' | 'removal', work: () => Promise<T>): Promise<T> {
  // Where the dashboard's role owns the table but is no superuser, it has taken these rights from itself.
  await tx.query('grant update, delete on audit to current_user')
  await tx.query(`select set_config('matchdesk.audit', $1, true)`, [what])
  const result = await work()
  await tx.query(`select set_config('matchdesk.audit', '', true)`)
  await tx.query('revoke update, delete on audit from current_user')
  await tx.query(
    `grant update (outcome, outcome_code, outcome_message, outcome_data, finished_at, state_before, state_after)
     on audit to current_user`,
  )
  return result
}
