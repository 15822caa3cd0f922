/** A run that somebody has previewed and confirmed, for tests of what becomes of it. */
import { randomUUID } from 'node:crypto'
import type { Person } from '#lib/access/sessions.ts'
import { confirmRun } from '#lib/bulk/confirm.ts'
import { previewRun } from '#lib/bulk/preview.ts'
import { type BulkAction, type BulkSelection, confirmWord } from '#lib/bulk/views.ts'
import type { Db } from '#lib/db/pool.ts'
import type { Environment } from '#lib/environments/environment.ts'

export async function aPerson(db: Db, role: Person['role'] = 'operator'): Promise<Person> {
  const { rows } = await db.query<Person>(
    `insert into people (name, role) values (gen_random_uuid()::text, $1) returning person_id as "personId", name, role`,
    [role],
  )
  return rows[0] as Person
}

export async function startRun(
  db: Db,
  given: { environment: Environment; action?: BulkAction; selection: BulkSelection; person?: Person },
): Promise<{ bulkId: string; count: number }> {
  const { environment, action = 'cancel', selection } = given
  const person = given.person ?? (await aPerson(db))
  const most = 1_000
  const preview = await previewRun(db, {
    ...{ environment, action, selection, person, most, now: new Date() },
    mayTake: async () => {},
  })
  await confirmRun(db, {
    ...{ environment, person, most, bulkId: preview.bulkId, token: preview.token, count: preview.count },
    actions: [action],
    confirmation: confirmWord(environment.name, preview.count),
    reason: 'a test',
    requestId: randomUUID(),
    mayTake: async () => {},
  })
  return { bulkId: preview.bulkId, count: preview.count }
}
