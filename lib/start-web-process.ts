import 'server-only'
import { logLine } from '#lib/access/log.ts'
import { startReconciler } from '#lib/tickets/reconciler.ts'
import { getRuntime } from './runtime.ts'

/** What the web process does besides answering: started once, from `instrumentation.ts`. */
export async function startWebProcess(): Promise<void> {
  const runtime = await getRuntime()
  startReconciler({
    db: runtime.db,
    environments: async () =>
      (await runtime.environments.list()).map((environment) => ({
        name: environment.name,
        describer: runtime.matchmakerOf(environment),
      })),
    onProblem: (environment, error) =>
      logLine({ level: 'warning', message: 'Tickets cannot be described now; trying again', environment, error }),
  })
}
