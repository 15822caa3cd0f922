/** How many requests per second GameLift takes of each operation from one account, when the engine is told to mind it. */
import type { EngineOptions, Operation } from '#lib/engine/core/contract.ts'
import { WireError } from './errors.ts'

/** Requests per second; burst and steady rate are the same. What is not listed has the rate of everything else. */
const RATES: Partial<Record<Operation, number>> = {
  StartMatchmaking: 100,
  StopMatchmaking: 100,
  AcceptMatch: 100,
  StartMatchBackfill: 70,
  DescribeMatchmaking: 200,
  CreateMatchmakingConfiguration: 20,
  UpdateMatchmakingConfiguration: 20,
  DeleteMatchmakingConfiguration: 20,
  CreateMatchmakingRuleSet: 20,
  DeleteMatchmakingRuleSet: 20,
  DescribeMatchmakingConfigurations: 30,
  DescribeMatchmakingRuleSets: 30,
  ValidateMatchmakingRuleSet: 30,
  DescribeGameSessions: 20,
  DescribeGameSessionDetails: 30,
  SearchGameSessions: 30,
  DescribePlayerSessions: 200,
  UpdateGameSession: 20,
  TerminateGameSession: 20,
  DescribeGameSessionQueues: 30,
  TagResource: 30,
  UntagResource: 30,
  ListTagsForResource: 30,
}
const EVERYTHING_ELSE = 500

export class RequestRates {
  readonly #nowMs: () => number
  /** Requests that may still come at once, and when that was so. */
  readonly #left = new Map<Operation, { requests: number; atMs: number }>()

  /** `nowMs` never goes back. Real time, whatever the engine's own clock says: clients are as fast as they are. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs
  }

  /** Counts a request in. Throws WireError ThrottlingException when there are too many. */
  admit(operation: Operation, { enforced, percent }: EngineOptions['requestRates']): void {
    if (!enforced) return
    const perSecond = ((RATES[operation] ?? EVERYTHING_ELSE) * percent) / 100
    const atOnce = Math.max(1, perSecond)
    const atMs = this.#nowMs()
    const known = this.#left.get(operation)
    const grown = known ? known.requests + ((atMs - known.atMs) / 1000) * perSecond : atOnce
    const requests = Math.min(grown, atOnce)
    // A refused request costs nothing: one that keeps asking gets the full rate through.
    this.#left.set(operation, { requests: requests < 1 ? requests : requests - 1, atMs })
    if (requests < 1) throw new WireError('ThrottlingException', 'Rate exceeded')
  }
}
