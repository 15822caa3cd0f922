import 'server-only'
import { readDemoSwitch } from '#lib/access/demo-switch.ts'
import { logLine } from '#lib/access/log.ts'
import { startDemoTraffic } from '#lib/demo/demo-traffic.ts'
import { DEFAULT_ENVIRONMENT } from '#lib/environments.ts'
import { startProbes } from '#lib/matchmaker/answering.ts'
import { startSettlingAbandoned } from '#lib/tickets/abandoned.ts'
import { startReconciler } from '#lib/tickets/reconciler.ts'
import { getRuntime, type Runtime } from './runtime.ts'

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
  startProbes(async () => (await runtime.environments.list()).map((environment) => runtime.answeringOf(environment)))
  startSettlingAbandoned(runtime.db, (error) =>
    logLine({ level: 'warning', message: 'Unfinished audit entries cannot be closed now; trying again', error }),
  )
  if (runtime.settings.demo) await startDemo(runtime)
}

/** Only ever against our own engine: no other environment has a demo. */
async function startDemo({ db, environments }: Runtime): Promise<void> {
  const local = await environments.find(DEFAULT_ENVIRONMENT)
  if (local?.kind !== 'local' || !local.endpoint) return
  startDemoTraffic({
    endpoint: local.endpoint,
    region: local.region,
    isRunning: async () => (await readDemoSwitch(db)).running,
    report: (message, error) => logLine({ level: error === undefined ? 'info' : 'warning', message, error }),
  })
}
