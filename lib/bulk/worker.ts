/**
 * Carries runs out: of many replicas one, under a lease of the environment. The intent is on disk before a call leaves, and
 * what was under way when a process died is looked at before anybody is asked again. Decision 0034.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Leases } from '#lib/db/leases.ts'
import type { Db } from '#lib/db/pool.ts'
import type { CallBudget } from '#lib/matchmaker/call-budget.ts'
import type { Matchmaker } from '#lib/matchmaker/matchmaker.ts'
import { notAsked } from '#lib/matchmaker/not-asked.ts'
import type { Describer } from '#lib/tickets/reconcile.ts'
import { markRequested } from '#lib/tickets/requests.ts'
import { forgetOldRuns } from './forget.ts'
import {
  type ClaimedItem,
  claimItem,
  doubtInterrupted,
  isRunning,
  nextRun,
  noteProblem,
  type OpenRun,
  settleItem,
} from './items.ts'
import { settledBy, TAKEN } from './outcomes.ts'
import { createPace } from './pace.ts'
import { resolveDoubts } from './resolve.ts'

const LOOK_EVERY_MS = 500
/** So many calls are under way at once. */
const LANES = 5
/** A turn is over by then, so that doubts are looked at between. */
const TURN_MS = 2_000
/** After a call that GameLift did not take: longer each time, until one is taken. */
const FIRST_REST_MS = 500
const LAST_REST_MS = 8_000
/** So many refusals in a row are not about the tickets: somebody should look before the rest is refused too. */
const REFUSALS_IN_A_ROW = 10
const FORGET_EVERY_MS = 60_000

export type Writer = Pick<Matchmaker, 'stop' | 'accept'>
type Wait = CallBudget['wait']

export interface BulkDeps {
  db: Db
  leases: Leases
  environment: { name: string; retentionDays: number }
  describer: Describer
  /** Opens the way to GameLift. Whatever is sent by it waits for `gate` first, each second try too. */
  openWriter: (gate: (wait: Wait) => Wait) => { writer: Writer; close(): void }
  perSecond: number
  /** Why the run may not go on now, although it was started; null when it may. */
  whyNot: (run: OpenRun) => Promise<string | null>
  onProblem: (error: unknown) => void
}

export function startBulkRuns(deps: BulkDeps): { stop(): Promise<void> } {
  return deps.leases.keep(`bulk ${deps.environment.name}`, (signal) => carryOutRuns(deps, signal))
}

async function carryOutRuns(deps: BulkDeps, signal: AbortSignal): Promise<void> {
  const { db, environment, describer } = deps
  const pace = createPace(deps.perSecond)
  let current: OpenRun | null = null
  const gate =
    (wait: Wait): Wait =>
    async (...given) => {
      await pace()
      await wait(...given)
      // After the waiting, and as late as can be: a run that was stopped meanwhile sends nothing any more.
      if (signal.aborted || current === null || !(await isRunning(db, current.bulkId))) {
        throw notAsked('MATCHMAKER_UNAVAILABLE', 'The run was stopped before this was sent.')
      }
    }
  const { writer, close } = deps.openWriter(gate)
  const rest = createRest(signal)
  /** In a row. */
  let refusals = 0
  /** Also what an earlier holder of the lease has said is taken back. */
  let mayHaveProblem = true
  let forgotAt = Number.NEGATIVE_INFINITY
  try {
    await doubtInterrupted(db, environment.name)
    while (!signal.aborted) {
      await resolveDoubts(db, environment.name, describer).catch(deps.onProblem)
      if (performance.now() - forgotAt > FORGET_EVERY_MS) {
        forgotAt = performance.now()
        await forgetOldRuns(db, environment)
      }
      current = await nextRun(db, environment.name)
      const refusal = current && (await deps.whyNot(current))
      if (current && refusal) await noteProblem(db, current, refusal, { pause: true })
      if (!current || refusal) {
        await sleep(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => {})
        continue
      }
      await takeTurn(current)
    }
  } finally {
    close()
  }

  async function takeTurn(run: OpenRun): Promise<void> {
    const until = performance.now() + TURN_MS
    let over = false
    const lane = async () => {
      while (!over && !signal.aborted && performance.now() < until) {
        const item = await claimItem(db, run)
        if (!item) return
        const settled = await ask(run, item)
        await settleItem(db, run, item, settled)
        if (settled.result === 'waiting') {
          over = true // the other lanes end with what they have in hand, and then all rest
          if (signal.aborted) return
          mayHaveProblem = true
          await noteProblem(db, run, settled.reason)
          rest.longer()
        } else if (settled.result === 'failed') {
          refusals += 1
          if (refusals < REFUSALS_IN_A_ROW) continue
          over = true
          refusals = 0
          await noteProblem(db, run, `${REFUSALS_IN_A_ROW} refusals in a row: ${settled.reason}`, { pause: true })
        } else {
          refusals = 0
          rest.over()
          if (!mayHaveProblem) continue
          mayHaveProblem = false
          await noteProblem(db, run, null)
        }
      }
    }
    const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane))
    const failed = lanes.find((each) => each.status === 'rejected')
    if (failed) throw failed.reason
    await rest.wait()
  }

  async function ask(run: OpenRun, { ticketId, playerIds, auditId, doubted }: ClaimedItem) {
    try {
      if (run.action === 'cancel') await writer.stop(ticketId)
      else await writer.accept(ticketId, playerIds ?? [], run.action === 'accept' ? 'ACCEPT' : 'REJECT')
    } catch (error) {
      return settledBy(error, run.requestId, doubted)
    }
    const request = { action: run.action, at: Date.now(), by: run.personName, auditId: String(auditId) }
    // It was taken, whatever its row shows.
    await markRequested(db, run.environment, ticketId, { ...request, ...(playerIds && { playerIds }) }).catch(
      deps.onProblem,
    )
    return TAKEN
  }
}

function createRest(signal: AbortSignal) {
  let nextMs = 0
  let due = false
  return {
    longer() {
      if (due) return // what was under way together failed together
      due = true
      nextMs = nextMs === 0 ? FIRST_REST_MS : Math.min(LAST_REST_MS, nextMs * 2)
    },
    over() {
      if (!due) nextMs = 0
    },
    async wait(): Promise<void> {
      if (!due) return
      due = false
      await sleep(nextMs, undefined, { signal, ref: false }).catch(() => {})
    },
  }
}
