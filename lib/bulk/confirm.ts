/** From a preview to a run: exactly what was shown, by the one it was shown to, once. */
import type { Person } from '#lib/access/sessions.ts'
import { type Db, inTransaction, type Queryable } from '#lib/db/pool.ts'
import { type Environment, effectiveProtection } from '#lib/environments/environment.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import { tellOfMany } from '#lib/tickets/notify.ts'
import { type ChosenItem, chooseItems, hashOfItems, type StoredSelection } from './choose-items.ts'
import { isBound } from './confirm-token.ts'
import { askFor } from './preview.ts'
import { type BulkAction, type BulkState, confirmWord } from './views.ts'

interface Preview {
  bulk_id: string
  action: BulkAction
  state: BulkState
  selection: StoredSelection
  ids_hash: Buffer
  total: number
  more: boolean
  previewed_at: Date
  confirm_hash: Buffer | null
  confirm_until: Date
  expired: boolean
}

interface Confirmation {
  environment: Environment
  bulkId: string
  /** What the click may start: who may cancel may not answer by it. */
  actions: readonly BulkAction[]
  token: string
  /** How many were shown. */
  count: number
  /** As typed; '' where nothing was. */
  confirmation: string
  /** null where none was given. */
  reason: string | null
  person: Person
  /** Of the click: what is done to each ticket is recorded as a step of it. */
  requestId: string
  /** How many tickets one run may take now. */
  most: number
  /** Throws when this person may not do it to so many, or has not given what is asked for that. */
  mayTake: (action: BulkAction, count: number) => Promise<void>
}

/** Starts the run, or throws an AppError and nothing has begun. A token that was good for another set is used up by it. */
export async function confirmRun(db: Db, given: Confirmation): Promise<{ count: number }> {
  const { environment, bulkId, person } = given
  const preview = await findPreview(db, given)
  requireBound(preview, given)
  if (preview.total > given.most) {
    throw new AppError('REFUSED', `One run takes ${given.most} tickets at most. Choose fewer.`)
  }
  await given.mayTake(preview.action, preview.total)
  const word = confirmWord(environment.name, preview.total)
  const isTyped =
    askFor(person.role, preview.action, environment, preview.total) !== 'confirm' || given.confirmation === word
  if (!isTyped) throw new AppError('INVALID_INPUT', `confirmation: type ${JSON.stringify(word)} to confirm.`)
  await requireUnchanged(db, environment.name, preview)
  return inTransaction(db, async (tx) => {
    // Also the last word on "once": of two who have come this far one finds the hash gone.
    const { rowCount } = await tx.query(
      `update bulk_runs set state = 'running', confirm_hash = null, started_at = date_trunc('milliseconds', clock_timestamp()), request_id = $3,
         role = $4, protection = $5, reason = $6, selection = selection #- '{filter,playerId}'
       where bulk_id = $1 and state = 'previewed' and confirm_hash = $2 and confirm_until > clock_timestamp()`,
      [
        ...[bulkId, preview.confirm_hash, given.requestId, person.role],
        ...[effectiveProtection(environment), given.reason],
      ],
    )
    if (rowCount !== 1) throw used()
    await tellOfMany(tx, environment.name)
    return { count: preview.total }
  })
}

async function findPreview(db: Queryable, { environment, bulkId, actions }: Confirmation): Promise<Preview> {
  const { rows } = await db.query<Preview>(
    `select bulk_id, action, state, selection, ids_hash, total, more, previewed_at, confirm_hash, confirm_until,
       confirm_until <= clock_timestamp() as expired
     from bulk_runs where bulk_id = $1 and environment = $2 and action = any($3)`,
    [bulkId, environment.name, actions],
  )
  const preview = rows[0]
  if (!preview) throw new AppError('NOT_FOUND', `There is no such preview in ${environment.name}. Look again.`)
  return preview
}

const used = () => new AppError('REFUSED', 'This confirmation was used already. Look at the run, or preview again.')

function requireBound(preview: Preview, { token, person, environment, count }: Confirmation): void {
  if (preview.state !== 'previewed' || preview.confirm_hash === null) throw used()
  const bound = {
    ...{ bulkId: preview.bulk_id, action: preview.action, selection: preview.selection },
    ...{ idsHash: preview.ids_hash, count, until: preview.confirm_until },
    ...{ environment: environment.name, personId: person.personId },
  }
  if (!isBound(token, bound, preview.confirm_hash)) {
    throw new AppError(
      'REFUSED',
      'This confirmation belongs to another preview or another person. Preview it yourself.',
    )
  }
  if (preview.expired) throw new AppError('REFUSED', 'The preview is older than 5 minutes. Look again.')
}

/** The frozen tickets are still those that were shown, and a filter still means them. */
async function requireUnchanged(db: Db, environment: string, preview: Preview): Promise<void> {
  const { bulk_id: bulkId, action, selection, total } = preview
  const frozen = await readItems(db, bulkId)
  let now = frozen.length
  let same = hashOfItems(frozen).equals(preview.ids_hash) && frozen.length === total
  // Tickets that were named one by one are what they are; what has become of them their results will tell.
  if (same && 'filter' in selection) {
    const given = { action, selection, at: preview.previewed_at, most: total + 1 }
    const chosen = await chooseItems(db, environment, given)
    // More than a run takes were there before: then the first of them are compared.
    const items = preview.more ? chosen.items.slice(0, total) : chosen.items
    now = items.length
    same = hashOfItems(items).equals(preview.ids_hash)
  }
  if (same) return
  await db.query('update bulk_runs set confirm_hash = null where bulk_id = $1', [bulkId])
  throw new AppError(
    'REFUSED',
    `The tickets have changed since they were shown: ${total} then, ${now} now${now === total ? ', but others' : ''}. Look again.`,
  )
}

async function readItems(db: Queryable, bulkId: string): Promise<ChosenItem[]> {
  const { rows } = await db.query<ChosenItem>(
    `select ticket_id as "ticketId", match_id as "matchId", player_ids as "playerIds"
     from bulk_items where bulk_id = $1 order by position limit 1001`,
    [bulkId],
  )
  return rows
}
