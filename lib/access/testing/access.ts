import type { AccessDeps } from '#lib/access/carry-out.ts'
import type { Role } from '#lib/access/roles.ts'
import { openSession } from '#lib/access/sessions.ts'
import { createSwitches } from '#lib/access/switches.ts'
import type { Db } from '#lib/db/pool.ts'
import { fixedEnvironments } from '#lib/environments/registry.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'

export const ORIGIN = 'http://127.0.0.1:3000'

export const environments = fixedEnvironments([
  anEnvironment(),
  anEnvironment({ name: 'prod', label: 'prod', protection: 'protected' }),
])

/** Access with a clock that only moves when told. */
export function testAccess(db: Db): AccessDeps & { clock: { now: Date } } {
  const clock = { now: new Date('2026-11-20T12:00:00Z') }
  return {
    db,
    origins: [ORIGIN, 'http://localhost:3000'],
    environments,
    switches: createSwitches(db),
    now: () => clock.now,
    clock,
  }
}

export async function personWithRole(db: Db, role: Role, now: Date): Promise<{ personId: string; cookie: string }> {
  const { rows } = await db.query<{ person_id: string }>(
    'insert into people (name, role) values (gen_random_uuid()::text, $1) returning person_id',
    [role],
  )
  const personId = rows[0]?.person_id ?? ''
  const { sessionId } = await openSession(db, personId, now)
  return { personId, cookie: `matchdesk-3000=${sessionId}` }
}

/** What a browser sends from one of our own pages. */
export function ownPage(cookie: string, changes: Record<string, string | null> = {}): Headers {
  const headers = new Headers({ host: '127.0.0.1:3000', origin: ORIGIN, 'sec-fetch-site': 'same-origin', cookie })
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) headers.delete(name)
    else headers.set(name, value)
  }
  return headers
}
