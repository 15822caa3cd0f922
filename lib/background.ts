import 'server-only'
import os from 'node:os'
import { readDemoSwitch } from '#lib/access/demo-switch.ts'
import { logLine } from '#lib/access/log.ts'
import { auditKey } from '#lib/audit/chain.ts'
import { startKeepingChain } from '#lib/audit/keep-chain.ts'
import { startFlushingRefusals } from '#lib/audit/refusals.ts'
import { whyNotGoOn } from '#lib/bulk/why-not-go-on.ts'
import { startBulkRuns } from '#lib/bulk/worker.ts'
import { openQueue } from '#lib/channels/sqs/open-queue.ts'
import { startPollers } from '#lib/channels/sqs/pollers.ts'
import { startKeepingPartitions } from '#lib/db/partitions.ts'
import { startDemoTraffic } from '#lib/demo/demo-traffic.ts'
import { DEFAULT_ENVIRONMENT } from '#lib/environments/environment.ts'
import { perEnvironment } from '#lib/environments/per-environment.ts'
import { startProbes } from '#lib/matchmaker/answering.ts'
import { createCallBudget } from '#lib/matchmaker/call-budget.ts'
import { connect } from '#lib/matchmaker/connect.ts'
import { gameLift } from '#lib/matchmaker/gamelift.ts'
import { readBuildId } from '#lib/replicas/build-id.ts'
import { startHeartbeat } from '#lib/replicas/heartbeat.ts'
import { startSettlingAbandoned } from '#lib/tickets/abandoned.ts'
import { startReadingFleets } from '#lib/tickets/fleet-sessions.ts'
import { startSettlingOverdue } from '#lib/tickets/overdue-worker.ts'
import { startReconciler } from '#lib/tickets/reconciler.ts'
import { startRetaining } from '#lib/tickets/retention.ts'
import type { Runtime } from './runtime.ts'

/** Something the web process does besides answering, until the process is asked to end. */
export type Background = (runtime: Runtime) => { stop(): void | Promise<void> }

const reconcileTickets: Background = ({ db, leases, environments, matchmakerOf }) =>
  perEnvironment(environments, (environment) =>
    startReconciler({ db, leases, environment: environment.name, describer: matchmakerOf(environment) }),
  )

const probeGameLift: Background = ({ db, environments, answeringOf }) =>
  startProbes(db, async () => new Map((await environments.list()).map((each) => [each.name, answeringOf(each)])))

const settleAbandoned: Background = ({ db }) =>
  startSettlingAbandoned(db, (error) =>
    logLine({ level: 'warning', message: 'Unfinished audit entries cannot be closed now; trying again', error }),
  )

const heartbeat: Background = ({ db, replicaId }) =>
  startHeartbeat(db, { id: replicaId, host: os.hostname(), buildId: readBuildId(), startedAt: new Date() }, (error) =>
    logLine({ level: 'warning', message: 'The other replicas cannot be told of this one; trying again', error }),
  )

const emptyQueues: Background = ({ db, leases, environments }) =>
  startPollers({
    db,
    leases,
    environments: () => environments.list(),
    openQueue,
    onProblem: (environment, queueUrl, error) =>
      logLine({
        level: 'warning',
        message: 'A queue cannot be emptied now; trying again',
        environment,
        queueUrl,
        error,
      }),
  })

const makeRoomForFacts: Background = ({ db, leases }) =>
  startKeepingPartitions(db, leases, (error) =>
    logLine({ level: 'warning', message: 'The partitions of the next days cannot be made now; trying again', error }),
  )

const forgetOld: Background = ({ db, leases, environments }) =>
  startRetaining(
    db,
    leases,
    () => environments.list(),
    (error) => logLine({ level: 'warning', message: 'What is too old cannot be removed now; trying again', error }),
  )

const settleOverdueTickets: Background = ({ db, leases, environments, matchmakerOf, healthOf }) =>
  startSettlingOverdue({
    db,
    leases,
    environments,
    describerOf: matchmakerOf,
    healthOf,
    onPresumed: (environment, { presumed, failure: error }) =>
      logLine({
        level: 'warning',
        message: 'Tickets past their request timeout cannot be asked about; they are presumed to have timed out',
        environment,
        presumed,
        error,
      }),
  })

/** Only ever against our own engine: no other environment has a demo. */
const demoTraffic: Background = ({ db, environments, settings }) =>
  perEnvironment(environments, ({ name, endpoint, region }) => {
    if (!settings.demo || name !== DEFAULT_ENVIRONMENT || endpoint === null) return { stop() {} }
    return startDemoTraffic({
      endpoint,
      region,
      isRunning: async () => (await readDemoSwitch(db)).running,
      report: (message, error) => logLine({ level: error === undefined ? 'info' : 'warning', message, error }),
    })
  })

const readGameSessions: Background = ({ db, leases, environments, matchmakerOf }) =>
  perEnvironment(environments, (environment) =>
    startReadingFleets({
      ...{ db, leases, environment },
      lister: matchmakerOf(environment),
      onProblem: (error) =>
        logLine({
          ...{ level: 'warning', message: 'Game sessions cannot be listed now; trying again' },
          ...{ environment: environment.name, error },
        }),
    }),
  )

/** Without a key this process seals nothing, and leaves it to those that have it. */
const sealAudit: Background = ({ db, leases, settings }) => {
  if (settings.auditKey === null) return { stop() {} }
  return startKeepingChain({
    ...{ db, leases, key: auditKey(settings.auditKey), dataDir: settings.dataDir },
    onHead: (head) => logLine({ level: 'info', message: 'The audit trail is sealed up to here', head }),
    onTampered: (what) => logLine({ level: 'error', message: 'The audit trail is not as it was sealed', what }),
    onProblem: (error) =>
      logLine({ level: 'warning', message: 'The audit trail cannot be checked now; trying again', error }),
  })
}

const countRefusals: Background = ({ db }) =>
  startFlushingRefusals(db, (error) =>
    logLine({ level: 'warning', message: 'Refusals cannot be counted in the database now; trying again', error }),
  )

const carryOutBulkRuns: Background = ({ db, leases, environments, matchmakerOf, settings, access }) =>
  perEnvironment(environments, (environment) =>
    startBulkRuns({
      ...{ db, leases, environment },
      describer: matchmakerOf(environment),
      openWriter(gate) {
        const budget = createCallBudget(db, environment)
        const clients = connect(environment, { budget: { ...budget, wait: gate(budget.wait) } })
        return { writer: gameLift(clients), close: clients.close }
      },
      perSecond: Math.min(settings.bulkPerSecond, environment.callsPerSecond),
      whyNot: (run) => whyNotGoOn(db, run, environment, access.switches),
      onProblem: (error) =>
        logLine({
          ...{ level: 'warning', message: 'A bulk run cannot go on now; trying again' },
          ...{ environment: environment.name, error },
        }),
    }),
  )

export const BACKGROUND: readonly Background[] = [
  reconcileTickets,
  probeGameLift,
  settleAbandoned,
  sealAudit,
  countRefusals,
  demoTraffic,
  emptyQueues,
  heartbeat,
  makeRoomForFacts,
  forgetOld,
  settleOverdueTickets,
  readGameSessions,
  carryOutBulkRuns,
]
