/** The engine core as the shell drives it, without the shell: commands with positions and times, a Tick when one is due. */
import type { Command, Engine, EngineEvent } from '#lib/engine/core/contract.ts'
import { createEngine } from '#lib/engine/core/engine.ts'
import { DEFAULT_OPTIONS } from '#lib/engine/core/options.ts'
import { configurationName, ruleSetBodyOf, WORKLOADS, type WorkloadName } from '../workload/workloads.ts'

export const START_MS = Date.UTC(2026, 1, 3, 18, 20, 0)
/** The most that is allowed: nobody times out while a bench runs. */
const REQUEST_TIMEOUT_SECONDS = 43_200

export class Desk {
  readonly #engine: Engine = createEngine(DEFAULT_OPTIONS)
  #position = 0
  nowMs = START_MS

  constructor(name: WorkloadName) {
    const { configurations = 1, acceptance = false } = WORKLOADS[name]
    const RuleSetBody = ruleSetBodyOf(name)
    for (let number = 0; number < configurations; number++) {
      const Name = configurationName(number)
      this.send({ operation: 'CreateMatchmakingRuleSet', input: { Name, RuleSetBody } })
      this.send({
        operation: 'CreateMatchmakingConfiguration',
        input: {
          ...{ Name, RuleSetName: Name, RequestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS, FlexMatchMode: 'STANDALONE' },
          ...{ AcceptanceRequired: acceptance, ...(acceptance && { AcceptanceTimeoutSeconds: 600 }) },
        },
      })
    }
  }

  /** Throws when the engine refuses. */
  send(command: Command): EngineEvent[] {
    const reply = this.#engine.apply({ position: ++this.#position, timeMs: this.nowMs, command })
    if (!reply.ok) throw reply.refusal
    return reply.events
  }

  /** Goes to the next time at which a Tick could change anything. False when that is `endMs` or later, or never. */
  toNextDue(endMs: number): boolean {
    const dueMs = this.#engine.dueAtMs()
    if (dueMs === null || dueMs >= endMs) return false
    this.nowMs = Math.max(this.nowMs, dueMs)
    return true
  }
}
