import type { BulkDeps } from '#lib/bulk/worker.ts'
import type { Db } from '#lib/db/pool.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { createCallBudget } from '#lib/matchmaker/call-budget.ts'
import { connect } from '#lib/matchmaker/connect.ts'
import { gameLift } from '#lib/matchmaker/gamelift.ts'

/** The ways to GameLift as a web process has them: both within the budget of the environment. */
export function bulkWriter(db: Db, environment: Environment): Pick<BulkDeps, 'describer' | 'openWriter'> {
  const budget = createCallBudget(db, environment)
  return {
    describer: gameLift(connect(environment, { budget })),
    openWriter(gate) {
      const clients = connect(environment, { budget: { ...budget, wait: gate(budget.wait) } })
      return { writer: gameLift(clients), close: clients.close }
    },
  }
}
