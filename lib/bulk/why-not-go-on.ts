import { judge, type Place } from '#lib/access/judge.ts'
import { can, type Role } from '#lib/access/roles.ts'
import type { Switches } from '#lib/access/switches.ts'
import type { Queryable } from '#lib/db/pool.ts'
import { effectiveProtection } from '#lib/environments/environment.ts'
import { auditActionOf, type OpenRun } from './items.ts'

/**
 * Why a run that somebody has started may not go on: a brake stops also what was begun before it, and so does the end of
 * that person's account or role. null when it may.
 */
export async function whyNotGoOn(
  db: Queryable,
  run: OpenRun,
  place: Place,
  switches: Switches,
): Promise<string | null> {
  const { rows } = await db.query<{ role: Role }>(
    'select role from people where person_id = $1 and disabled_at is null',
    [run.personId],
  )
  const person = rows[0]
  if (!person) return `${run.personName}, who started it, is not here any more.`
  const action = auditActionOf(run.action, run.total)
  if (!can(person.role, action, effectiveProtection(place))) {
    return `${run.personName}, who started it, may not do that any more (${person.role}).`
  }
  return judge(person.role, action, place, await switches.on()).refusal
}
