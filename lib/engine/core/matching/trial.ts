/** A match on trial: tickets are tried on teams, dropped where a rule can never hold again, and tested for viability. */
import { CandidateSet } from './candidate-set.ts'
import { type Key, type Limits, type PassPool, SEVERAL } from './pass-pool.ts'
import { sizeCap } from './plan.ts'
import type { RuleCounts } from './rule-counts.ts'

export class Trial {
  readonly candidates: CandidateSet
  /** Indexes into the pool, in the order they joined. */
  readonly members: number[] = []
  readonly #pool: PassPool
  readonly #additionalPlayerCount: number
  // Running values after each member, so that removing one is going back a step. Flat lists: a search takes millions of
  // steps, and an object for each would be most of its cost.
  readonly #stages: number[] = []
  readonly #limits: Limits[] = []
  readonly #lows: number[] = []
  readonly #highs: number[] = []
  readonly #keys: Key[] = []
  readonly #masks: number[] = []
  /** Evaluations done, the measure of the search's effort. */
  work = 0

  constructor(pool: PassPool, additionalPlayerCount: number, counts: RuleCounts) {
    this.#pool = pool
    this.#additionalPlayerCount = additionalPlayerCount
    this.candidates = new CandidateSet(pool.plan.teamCount, counts)
  }

  get #depth(): number {
    return this.members.length
  }

  /** Whether the ticket passes what needs no team: second backfill, room, spreads, equal values, common region. */
  fits(ticket: number): boolean {
    this.work++
    const pool = this.#pool
    const facts = pool.tickets[ticket]
    if (facts === undefined || (facts.isBackfill && this.candidates.backfills > 0)) return false
    const limits = this.limitsWith(ticket)
    if (this.candidates.total + facts.size > limits.cap) return false
    const { spreads, equals } = pool.plan.fast
    const { counts } = this.candidates
    for (let index = 0; index < spreads.length; index++) {
      const spread = this.#highWith(ticket, index) - this.#lowWith(ticket, index)
      if (!counts.count(spreads[index]?.rule ?? 0, !(spread > (limits.spreads[index] ?? 0)))) return false
    }
    for (let index = 0; index < equals.length; index++) {
      if (!counts.count(equals[index]?.rule ?? 0, this.#keyWith(ticket, index) !== SEVERAL)) return false
    }
    for (let index = 0; index < limits.latencies.length; index++) {
      const mask = this.#maskWith(ticket, index, limits)
      if (!counts.count(limits.latencies[index]?.rule ?? 0, mask !== 0)) return false
    }
    return true
  }

  /**
   * Adds the ticket, a new one to `team`, unless there is no room or a rule could then never hold. The caller has asked
   * `fits`. True when it was added.
   */
  add(ticket: number, team: number): boolean {
    const facts = this.#pool.tickets[ticket]
    if (facts === undefined) return false
    const limits = this.limitsWith(ticket)
    for (const group of facts.groups) {
      const on = group.team ?? team
      if ((this.candidates.sizes[on] ?? 0) + group.size > (limits.teams[on]?.max ?? 0)) return false
    }
    this.work += 2
    this.#push(ticket, team, limits)
    for (const { rule, canHold } of limits.generic) {
      this.work += 4 + this.members.length * (this.#pool.weights[rule] ?? 1)
      if (!this.candidates.counts.count(rule, canHold(this.candidates))) {
        this.removeLast()
        return false
      }
    }
    return true
  }

  removeLast(): void {
    this.members.pop()
    this.#stages.pop()
    this.#limits.pop()
    this.candidates.removeLast()
  }

  /** Whether the set is a legal match as it stands. */
  isViable(): boolean {
    const { plan } = this.#pool
    const { teams, compiled } = plan.stage(this.#stages[this.#depth - 1] ?? 0)
    const { sizes, total, backfills, members, counts } = this.candidates
    this.work++
    for (let index = 0; index < teams.length; index++) {
      const team = teams[index]
      const size = sizes[index] ?? 0
      if (team === undefined || size < team.min || size > team.max) return false
    }
    if (total > sizeCap(teams, this.#additionalPlayerCount)) return false
    if (backfills > 0 && members.length < 2) return false
    for (const rule of plan.enforced) {
      this.work += 4 + members.length * (this.#pool.weights[rule] ?? 1)
      const evaluated = compiled[rule]
      if (evaluated && !counts.count(rule, evaluated.holds(this.candidates))) return false
    }
    return true
  }

  /** Whether no further player can join. */
  isFull(): boolean {
    return this.candidates.total >= (this.#limits[this.#depth - 1]?.cap ?? 0)
  }

  /** Players that are still needed before the smallest teams are legal. */
  shortage(): number {
    const teams = this.#limits[this.#depth - 1]?.teams ?? []
    let sum = 0
    for (let index = 0; index < teams.length; index++) {
      sum += Math.max(0, (teams[index]?.min ?? 0) - (this.candidates.sizes[index] ?? 0))
    }
    return sum
  }

  /** What the set would have to keep to with this ticket in it. */
  limitsWith(ticket: number): Limits {
    const stage = this.#stageWith(ticket)
    const present = this.#limits[this.#depth - 1]
    return present !== undefined && this.#stages[this.#depth - 1] === stage ? present : this.#pool.limits(stage)
  }

  /** Adds a ticket without asking anything. */
  hold(ticket: number, team: number): void {
    this.#push(ticket, team, this.limitsWith(ticket))
  }

  #push(ticket: number, team: number, limits: Limits): void {
    const facts = this.#pool.tickets[ticket]
    if (facts === undefined) return
    const { lows, keys } = this.#pool
    for (let index = 0; index < lows.length; index++) {
      this.#lows[this.#depth * lows.length + index] = this.#lowWith(ticket, index)
      this.#highs[this.#depth * lows.length + index] = this.#highWith(ticket, index)
    }
    for (let index = 0; index < keys.length; index++) {
      this.#keys[this.#depth * keys.length + index] = this.#keyWith(ticket, index)
    }
    const maskCount = this.#pool.plan.latencyColumns.length
    for (let index = 0; index < limits.latencies.length; index++) {
      this.#masks[this.#depth * maskCount + index] = this.#maskWith(ticket, index, limits)
    }
    this.#stages.push(this.#stageWith(ticket))
    this.#limits.push(limits)
    this.members.push(ticket)
    this.candidates.add(facts, team)
  }

  #stageWith(ticket: number): number {
    const own = this.#pool.stages[ticket] ?? 0
    const present = this.#stages[this.#depth - 1]
    return present === undefined ? own : this.#pool.joinedStage(present, own)
  }

  #lowWith(ticket: number, index: number): number {
    const { lows } = this.#pool
    const low = lows[index]?.[ticket] ?? Number.NaN
    const before = this.#depth === 0 ? undefined : this.#lows[(this.#depth - 1) * lows.length + index]
    return before === undefined || low < before ? low : before
  }

  #highWith(ticket: number, index: number): number {
    const { highs } = this.#pool
    const high = highs[index]?.[ticket] ?? Number.NaN
    const before = this.#depth === 0 ? undefined : this.#highs[(this.#depth - 1) * highs.length + index]
    return before === undefined || high > before ? high : before
  }

  #keyWith(ticket: number, index: number): Key {
    const { keys } = this.#pool
    const before = this.#depth === 0 ? undefined : this.#keys[(this.#depth - 1) * keys.length + index]
    return joinedKey(before, keys[index]?.[ticket])
  }

  /** Regions left for the set with the ticket; without a common region, those of the ticket alone. */
  #maskWith(ticket: number, index: number, limits: Limits): number {
    const latency = limits.latencies[index]
    if (latency === undefined) return 0
    const { masks, common } = latency
    let mask = masks[ticket] ?? 0
    if (!common || this.#depth === 0) return mask
    const maskCount = this.#pool.plan.latencyColumns.length
    if (this.#limits[this.#depth - 1] === limits)
      return mask & (this.#masks[(this.#depth - 1) * maskCount + index] ?? 0)
    // The ticket moves the set to another stage, where other latencies are acceptable.
    for (const member of this.members) mask &= masks[member] ?? 0
    return mask
  }
}

function joinedKey(one: Key, other: Key): Key {
  if (one === undefined) return other
  return other === undefined || one === other ? one : SEVERAL
}
