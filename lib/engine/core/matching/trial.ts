/** A match on trial: tickets are tried on teams, dropped where a rule can never hold again, and tested for viability. */
import { CandidateSet } from './candidate-set.ts'
import { type Key, type Limits, type PassPool, SEVERAL } from './pass-pool.ts'
import { sizeCap } from './plan.ts'
import type { RuleCounts } from './rule-counts.ts'

/** Running values of the fast checks, one level per member, so that removing a ticket is a pop. */
interface Level {
  stage: number
  limits: Limits
  lows: number[]
  highs: number[]
  keys: Key[]
  masks: number[]
}

export class Trial {
  readonly set: CandidateSet
  /** Indexes into the pool, in the order they joined. */
  readonly members: number[] = []
  readonly #pool: PassPool
  readonly #additionalPlayerCount: number
  readonly #levels: Level[] = []
  /** Evaluations done, the measure of the search's effort. */
  work = 0

  constructor(pool: PassPool, additionalPlayerCount: number, counts: RuleCounts) {
    this.#pool = pool
    this.#additionalPlayerCount = additionalPlayerCount
    this.set = new CandidateSet(pool.plan.teamCount, counts)
  }

  get stage(): number {
    return this.#levels.at(-1)?.stage ?? 0
  }

  /** Whether the ticket passes what needs no team: second backfill, room, spreads, equal values, common region. */
  fits(ticket: number): boolean {
    this.work++
    const pool = this.#pool
    const facts = pool.tickets[ticket]
    if (facts === undefined || (facts.isBackfill && this.set.backfills > 0)) return false
    const level = this.#levels[this.#levels.length - 1]
    const limits = this.#limitsWith(ticket, level)
    if (this.set.total + facts.size > limits.cap) return false
    const { spreads, equals } = pool.plan.fast
    const { counts } = this.set
    for (let index = 0; index < spreads.length; index++) {
      const spread = this.#highWith(ticket, index, level) - this.#lowWith(ticket, index, level)
      if (!counts.count(spreads[index]?.rule ?? 0, !(spread > (limits.spreads[index] ?? 0)))) return false
    }
    for (let index = 0; index < equals.length; index++) {
      const joined = joinedKey(level?.keys[index], pool.keys[index]?.[ticket])
      if (!counts.count(equals[index]?.rule ?? 0, joined !== SEVERAL)) return false
    }
    for (let index = 0; index < limits.latencies.length; index++) {
      const mask = this.#maskWith(ticket, index, limits, level)
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
    const level = this.#levels[this.#levels.length - 1]
    const limits = this.#limitsWith(ticket, level)
    for (const group of facts.groups) {
      const on = group.team ?? team
      if ((this.set.sizes[on] ?? 0) + group.size > (limits.teams[on]?.max ?? 0)) return false
    }
    this.work += 2
    this.#push(ticket, team, limits, level)
    for (const { rule, canHold } of limits.generic) {
      this.work += 4 + this.members.length * (this.#pool.weights[rule] ?? 1)
      if (!this.set.counts.count(rule, canHold(this.set))) {
        this.removeLast()
        return false
      }
    }
    return true
  }

  removeLast(): void {
    this.members.pop()
    this.#levels.pop()
    this.set.removeLast()
  }

  /** Whether the set is a legal match as it stands. */
  isViable(): boolean {
    const { plan } = this.#pool
    const { teams, compiled } = plan.stage(this.stage)
    const { sizes, total, backfills, members, counts } = this.set
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
      if (evaluated && !counts.count(rule, evaluated.holds(this.set))) return false
    }
    return true
  }

  /** Whether no further player can join. */
  isFull(): boolean {
    return this.set.total >= (this.#levels.at(-1)?.limits.cap ?? 0)
  }

  /** Players that are still needed before the smallest teams are legal. */
  shortage(): number {
    const teams = this.#levels.at(-1)?.limits.teams ?? []
    let sum = 0
    for (let index = 0; index < teams.length; index++) {
      sum += Math.max(0, (teams[index]?.min ?? 0) - (this.set.sizes[index] ?? 0))
    }
    return sum
  }

  /** What the set would have to keep to with this ticket in it. */
  limitsWith(ticket: number): Limits {
    return this.#limitsWith(ticket, this.#levels.at(-1))
  }

  /** Adds a ticket without asking anything. */
  hold(ticket: number, team: number): void {
    const level = this.#levels.at(-1)
    this.#push(ticket, team, this.#limitsWith(ticket, level), level)
  }

  #push(ticket: number, team: number, limits: Limits, level: Level | undefined): void {
    const facts = this.#pool.tickets[ticket]
    if (facts === undefined) return
    this.#levels.push({
      stage: this.#stageWith(ticket, level),
      limits,
      lows: this.#pool.lows.map((_, index) => this.#lowWith(ticket, index, level)),
      highs: this.#pool.highs.map((_, index) => this.#highWith(ticket, index, level)),
      keys: this.#pool.keys.map((column, index) => joinedKey(level?.keys[index], column[ticket])),
      masks: limits.latencies.map((_, index) => this.#maskWith(ticket, index, limits, level)),
    })
    this.members.push(ticket)
    this.set.add(facts, team)
  }

  #stageWith(ticket: number, level: Level | undefined): number {
    const own = this.#pool.stages[ticket] ?? 0
    return level === undefined ? own : this.#pool.joinedStage(level.stage, own)
  }

  #limitsWith(ticket: number, level: Level | undefined): Limits {
    const stage = this.#stageWith(ticket, level)
    return level?.stage === stage ? level.limits : this.#pool.limits(stage)
  }

  #lowWith(ticket: number, index: number, level: Level | undefined): number {
    const low = this.#pool.lows[index]?.[ticket] ?? Number.NaN
    const before = level?.lows[index]
    return before === undefined || low < before ? low : before
  }

  #highWith(ticket: number, index: number, level: Level | undefined): number {
    const high = this.#pool.highs[index]?.[ticket] ?? Number.NaN
    const before = level?.highs[index]
    return before === undefined || high > before ? high : before
  }

  /** Regions left for the set with the ticket; without a common region, those of the ticket alone. */
  #maskWith(ticket: number, index: number, limits: Limits, level: Level | undefined): number {
    const latency = limits.latencies[index]
    if (latency === undefined) return 0
    const { masks, common } = latency
    let mask = masks[ticket] ?? 0
    if (!common || level === undefined) return mask
    if (level.limits === limits) return mask & (level.masks[index] ?? 0)
    // The ticket moves the set to another stage, where other latencies are acceptable.
    for (const member of this.members) mask &= masks[member] ?? 0
    return mask
  }
}

function joinedKey(one: Key, other: Key): Key {
  if (one === undefined) return other
  return other === undefined || one === other ? one : SEVERAL
}
