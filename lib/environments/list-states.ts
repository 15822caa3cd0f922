import { can } from '#lib/access/roles.ts'
import type { Person } from '#lib/access/sessions.ts'
import type { Queryable } from '#lib/db/pool.ts'
import type { EnvironmentStateView, OutageView } from '#lib/tickets/views.ts'
import { type Environment, effectiveProtection, viewOf } from './environment.ts'

/** Those whose tickets the person may see, each with what is known of it without asking its GameLift. */
export async function listStates(
  db: Queryable,
  all: readonly Environment[],
  { role }: Pick<Person, 'role'>,
  outageOf: (environment: Environment) => OutageView | null,
): Promise<EnvironmentStateView[]> {
  const environments = all.filter((each) => can(role, 'ticket.view', effectiveProtection(each)))
  const { rows } = await db.query<{ environment: string; last_event_at: Date | null }>(
    'select environment, last_event_at from ingest_progress where environment = any ($1)',
    [environments.map(({ name }) => name)],
  )
  const lastEventAt = new Map(rows.map((row) => [row.environment, row.last_event_at]))
  return environments.map((environment) => ({
    ...viewOf(environment),
    outage: outageOf(environment),
    lastEventAt: lastEventAt.get(environment.name)?.toISOString() ?? null,
    managedBy: environment.managedBy,
    revision: environment.revision,
    onProductionList: environment.onProductionList,
  }))
}
