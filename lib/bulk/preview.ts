/** A run as it is before anybody has agreed to it: its tickets are on disk, and nothing is done. */
import { randomUUID } from 'node:crypto'
import { type Ask, asks, type Role } from '#lib/access/roles.ts'
import { newSecret } from '#lib/access/secret.ts'
import type { Person } from '#lib/access/sessions.ts'
import { type Db, inTransaction, type Queryable } from '#lib/db/pool.ts'
import { type Environment, effectiveProtection } from '#lib/environments/environment.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import { type ChosenItem, chooseItems, hashOfItems, type StoredSelection } from './choose-items.ts'
import { bind } from './confirm-token.ts'
import { selectionWords } from './filter-words.ts'
import { auditActionOf } from './items.ts'
import { type BulkAction, type BulkPreviewView, type BulkSelection, confirmWord, TYPED_ABOVE } from './views.ts'

const GOOD_FOR_MS = 5 * 60_000
const SAMPLES = 10

/**
 * Freezes the tickets that a selection means now, `most` of them, and hands out the token that confirms exactly them. Throws
 * AppError REFUSED when there are none.
 */
export async function previewRun(
  db: Db,
  given: {
    environment: Environment
    action: BulkAction
    selection: BulkSelection
    person: Person
    most: number
    now: Date
    /** Throws when this person may not do it to so many. */
    mayTake: (count: number) => Promise<void>
  },
): Promise<BulkPreviewView & { token: string }> {
  const { environment, action, person, most, now } = given
  const { selection, retryOf } = await resolved(db, environment.name, action, given.selection)
  const { items, more, leftOut } = await chooseItems(db, environment.name, { action, selection, at: now, most })
  if (items.length === 0) throw new AppError('REFUSED', nothing(action, selection))
  await given.mayTake(items.length)

  const bulkId = randomUUID()
  const token = newSecret()
  const count = items.length
  const until = new Date(now.getTime() + GOOD_FOR_MS)
  const idsHash = hashOfItems(items)
  const bound = { bulkId, action, selection, idsHash, count, environment: environment.name, until }
  const words = selectionWords(selection)
  await inTransaction(db, async (tx) => {
    await tx.query(
      `insert into bulk_runs (bulk_id, environment, action, state, selection, words, ids_hash, total, more, counts,
         previewed_at, person_id, person_name, confirm_hash, confirm_until, retry_of)
       values ($1, $2, $3, 'previewed', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [
        ...[bulkId, environment.name, action, JSON.stringify(selection), words, idsHash, count, more],
        ...[JSON.stringify({ waiting: count }), now, person.personId, person.name],
        ...[bind(token, { ...bound, personId: person.personId }), until, retryOf],
      ],
    )
    await insertItems(tx, bulkId, items)
  })
  return {
    ...{ bulkId, action, count, words, leftOut, more, token },
    samples: items.slice(0, SAMPLES).map(({ ticketId }) => ticketId),
    ...{
      ask: askFor(person.role, action, environment, count) ?? 'confirm',
      word: confirmWord(environment.name, count),
    },
    until: until.toISOString(),
  }
}

/** The role table, and where it asks less: more than a few tickets are always confirmed by typing. null when it may not be. */
export function askFor(role: Role, action: BulkAction, environment: Environment, count: number): Ask | null {
  const ask = asks(role, auditActionOf(action, count), effectiveProtection(environment))
  return ask !== null && count > TYPED_ABOVE ? 'confirm' : ask
}

async function resolved(
  db: Queryable,
  environment: string,
  action: BulkAction,
  selection: BulkSelection,
): Promise<{ selection: StoredSelection; retryOf: string | null }> {
  if (!('run' in selection)) return { selection, retryOf: null }
  const { run, which } = selection
  const { rows } = await db.query<{ action: BulkAction; state: string; ticket_ids: string[] | null }>(
    `select action, state,
       (select array_agg(ticket_id order by position) from bulk_items i where i.bulk_id = r.bulk_id
          and ($3 = 'all' or result in ('failed', 'unknown') or result = 'waiting' and r.state = 'aborted')) as ticket_ids
     from bulk_runs r where bulk_id = $1 and environment = $2`,
    [run, environment, which],
  )
  const found = rows[0]
  if (!found) throw new AppError('NOT_FOUND', `There is no run ${run} in ${environment}.`)
  if (found.action !== action) throw new AppError('INVALID_INPUT', 'selection: that run did something else.')
  if (which === 'left' && found.state !== 'finished' && found.state !== 'aborted') {
    throw new AppError('REFUSED', 'That run still goes on. Wait for its end, or abort it.')
  }
  if (!found.ticket_ids) throw new AppError('REFUSED', 'That run has left nothing to try again.')
  return { selection: { ticketIds: found.ticket_ids }, retryOf: which === 'left' ? run : null }
}

async function insertItems(tx: Queryable, bulkId: string, items: readonly ChosenItem[]): Promise<void> {
  await tx.query(
    `insert into bulk_items (bulk_id, position, ticket_id, match_id, player_ids)
     select $1, position, ticket_id, match_id, player_ids
     from unnest($2::int[], $3::text[], $4::text[], $5::jsonb[]) as item (position, ticket_id, match_id, player_ids)`,
    [
      bulkId,
      items.map((_, index) => index),
      items.map(({ ticketId }) => ticketId),
      items.map(({ matchId }) => matchId),
      items.map(({ playerIds }) => playerIds && JSON.stringify(playerIds)),
    ],
  )
}

function nothing(action: BulkAction, selection: StoredSelection): string {
  if (action !== 'cancel') return 'No answer is missing in the matches of these tickets.'
  return 'filter' in selection
    ? 'No open ticket matches the filter now.'
    : 'None of the chosen tickets is open any more.'
}
