/** Environments as rows. Whoever saves or removes one has asked who may: this only keeps the index truthful. */
import type { Person } from '#lib/access/sessions.ts'
import { type Db, inTransaction, type Queryable, type Transaction } from '#lib/db/pool.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import { tellOfEnvironments } from '#lib/tickets/notify.ts'
import { requireAllowedEndpoint, resolveIfThere } from './address-guard.ts'
import { DEFAULT_ENVIRONMENT, type StoredEnvironment } from './environment.ts'
import type { EnvironmentInput } from './environment-input.ts'

/** The file read at start, in place of a person. */
export const BY_FILE = Symbol('the file of environments')
export type Saver = Pick<Person, 'name'> | typeof BY_FILE

interface EnvironmentRow extends Omit<StoredEnvironment, 'managedBy'> {
  managedBy: 'file' | 'screen'
}
const COLUMNS = `name, label, colour, region, account_id as "accountId", kind, endpoint, protection, credentials,
  configurations, fleets, channels, retention_days as "retentionDays", calls_per_second as "callsPerSecond",
  managed_by as "managedBy", revision`

/** All that are not removed, by name; `local` among them when somebody has changed it. */
export async function readStored(db: Queryable): Promise<StoredEnvironment[]> {
  const { rows } = await db.query<EnvironmentRow>(
    `select ${COLUMNS} from environments where removed_at is null order by name`,
  )
  return rows
}

/**
 * Adds or changes an environment and tells everybody. `revision` is the one that was edited, null for one that must be
 * new, left out for whichever there is. Throws INVALID_INPUT when it is managed by the file, was edited meanwhile, or
 * would become another GameLift under the same name, REFUSED when requests must not be sent to its endpoint.
 */
export async function saveEnvironment(
  db: Db,
  given: EnvironmentInput,
  by: Saver,
  revision?: number | null,
): Promise<StoredEnvironment> {
  if (given.name !== DEFAULT_ENVIRONMENT) await requireAllowedEndpoint(given, resolveIfThere)
  return inTransaction(db, async (tx) => {
    const before = await lockRow(tx, given.name)
    requireEditable(before, given.name, by)
    if (revision !== undefined && revision !== (before?.removed === false ? before.revision : null)) {
      throw new AppError(
        'INVALID_INPUT',
        revision === null
          ? `name: there is an environment called ${given.name} already.`
          : `The environment ${given.name} was changed by somebody else meanwhile. Look at it again.`,
      )
    }
    if (before) await requireSameGameLift(tx, before, given)
    const saved = await upsert(tx, given, by)
    await tellOfEnvironments(tx)
    return saved
  })
}

/**
 * Takes an environment off the list, with the secrets of its senders. What is known of it stays until its retention
 * ends. Of the built-in one only what was changed about it goes. Throws NOT_FOUND, INVALID_INPUT when the file manages it.
 */
export async function removeEnvironment(db: Db, name: string, by: Saver): Promise<void> {
  await inTransaction(db, async (tx) => {
    const before = await lockRow(tx, name)
    if (before === null || before.removed) {
      throw new AppError('NOT_FOUND', `There is no environment called ${JSON.stringify(name)} that could be removed.`)
    }
    requireEditable(before, name, by)
    await removeRow(tx, name)
    await tellOfEnvironments(tx)
  })
}

/** Makes the rows that the file manages what it says: adds, changes and removes. One replica at a time. */
export async function saveFromFile(db: Db, given: readonly EnvironmentInput[]): Promise<void> {
  await inTransaction(db, async (tx) => {
    await tx.query('lock table environments in share row exclusive mode')
    for (const each of given) {
      const before = await lockRow(tx, each.name)
      if (before) await requireSameGameLift(tx, before, each)
      await upsert(tx, each, BY_FILE)
    }
    const { rows } = await tx.query<{ name: string }>(
      `select name from environments where managed_by = 'file' and removed_at is null and name <> all ($1)`,
      [given.map(({ name }) => name)],
    )
    for (const { name } of rows) await removeRow(tx, name)
    await tellOfEnvironments(tx)
  })
}

interface LockedRow {
  region: string
  accountId: string | null
  kind: string
  managedBy: 'file' | 'screen'
  revision: number
  removed: boolean
}

async function lockRow(tx: Transaction, name: string): Promise<LockedRow | null> {
  const { rows } = await tx.query<LockedRow>(
    `select region, account_id as "accountId", kind, managed_by as "managedBy", revision,
       removed_at is not null as removed from environments where name = $1 for update`,
    [name],
  )
  return rows[0] ?? null
}

function requireEditable(before: LockedRow | null, name: string, by: Saver): void {
  if (before?.managedBy === 'file' && !before.removed && by !== BY_FILE) {
    throw new AppError('INVALID_INPUT', `The environment ${name} comes from the file of environments: change it there.`)
  }
}

/** The index is kept by name: under a name there is one GameLift, for as long as anything of it is known. */
async function requireSameGameLift(tx: Transaction, before: LockedRow, given: EnvironmentInput): Promise<void> {
  const { name } = given
  if (name === DEFAULT_ENVIRONMENT) return
  const sameAccount = before.accountId === null || before.accountId === given.accountId
  if (before.kind === given.kind && before.region === given.region && sameAccount) return
  const { rows } = await tx.query<{ known: boolean }>(
    'select exists (select from facts where environment = $1) as known',
    [name],
  )
  if (!rows[0]?.known) return
  const was = `${before.kind} ${before.region}${before.accountId ? ` ${before.accountId}` : ''}`
  throw new AppError(
    'INVALID_INPUT',
    `region: tickets of ${name} are known from ${was}. Give the other one its own name.`,
  )
}

async function upsert(tx: Transaction, given: EnvironmentInput, by: Saver): Promise<StoredEnvironment> {
  const changing = `label, colour, region, account_id, kind, endpoint, protection, credentials, configurations, fleets,
    channels, retention_days, calls_per_second, managed_by`
  const { rows } = await tx.query<EnvironmentRow>(
    `insert into environments as e (name, ${changing}, updated_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
     on conflict (name) do update set (${changing}, updated_by) = (${changing.replaceAll(/\w+/g, 'excluded.$&')},
         excluded.updated_by),
       updated_at = now(), removed_at = null,
       -- Read again at every start, and most times it says what it said before.
       revision = e.revision + (($17::boolean and e.removed_at is null and (${changing.replaceAll(/\w+/g, 'e.$&')})
         is not distinct from (${changing.replaceAll(/\w+/g, 'excluded.$&')})) is false)::int
     returning ${COLUMNS}`,
    [
      given.name,
      given.label,
      given.colour,
      given.region,
      given.accountId,
      given.kind,
      given.endpoint,
      given.protection,
      JSON.stringify(given.credentials),
      given.configurations,
      given.fleets,
      JSON.stringify(given.channels),
      given.retentionDays,
      given.callsPerSecond,
      by === BY_FILE ? 'file' : 'screen',
      by === BY_FILE ? 'the file of environments' : by.name,
      by === BY_FILE,
    ],
  )
  return rows[0] as StoredEnvironment
}

/** What is only of use while it is looked after. */
const KEPT_OF_IT = ['channel_secrets', 'environment_health', 'call_budgets', 'request_timeouts', 'fleet_reads']

async function removeRow(tx: Transaction, name: string): Promise<void> {
  if (name === DEFAULT_ENVIRONMENT) {
    await tx.query('delete from environments where name = $1', [name])
    return
  }
  await tx.query('update environments set removed_at = now(), revision = revision + 1 where name = $1', [name])
  for (const table of KEPT_OF_IT) {
    await tx.query(`delete from ${table} where environment = $1`, [name])
  }
}
