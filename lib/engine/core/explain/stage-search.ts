/**
 * Looks for a match of one stage with the explained ticket: rules and team sizes stay as they are while it searches.
 * Greedily first, then with one and two departures from the greedy choice, then every way there is, while work is left.
 */
import { CandidateSet } from '#lib/engine/core/matching/candidate-set.ts'
import type { Plan } from '#lib/engine/core/matching/plan.ts'
import { RuleCounts } from '#lib/engine/core/matching/rule-counts.ts'
import { measureRule } from './measure-rule.ts'
import type { StageRules } from './stage-rules.ts'
import type { Subject } from './subject.ts'

/** Values that rules may still look at for one explanation. */
export interface Work {
  left: number
}

export interface PlacedSet {
  members: readonly Subject[]
  /** Per member the team of a new ticket. */
  teams: readonly number[]
  stage: StageRules
}
/** A set that is no match: teams lack players, or are filled and rules fail. */
export interface NearSet extends PlacedSet {
  /** Players missing. */
  shortage: number
  failing: readonly number[]
  /** How far the failing rules are from holding, in relation to their limits. */
  shortfall: number
}
export interface StageResult {
  found: PlacedSet | null
  /** Every way was looked at. */
  complete: boolean
  /** The set that came closest; null when the ticket alone has no place. */
  nearest: NearSet | null
}

export interface StageSearchInput {
  plan: Plan
  stage: StageRules
  ticket: Subject
  /** Tickets that could be in such a match with it, most promising first. */
  candidates: readonly Subject[]
  /** The match must have one of these, or it would be of another stage; null when any will do. */
  oneOf: ReadonlySet<Subject> | null
  /** No departures from the greedy walk, which is made even when no work is left. */
  greedyOnly?: boolean
  work: Work
}

/** How many candidates the search chooses from once the greedy walk, which looks at all of them, has failed. */
const WINDOW = 96
const FEW = 24
const DEPARTURES = [0, 1, 2, Number.POSITIVE_INFINITY]

export function searchStage(input: StageSearchInput): StageResult {
  return new StageSearch(input).run()
}

class StageSearch {
  readonly #input: StageSearchInput
  readonly #set: CandidateSet
  readonly #members: Subject[] = []
  /** Players of the candidates from each position on, within the window. */
  #playersFrom: number[] = []
  #window: number
  /** Work of one question about the set. */
  #weight = 0
  #hits = 0
  #cut = false
  /** Whether sets that cannot be filled any more are left alone. */
  #prunes = false
  /** Some way was left out because it departs too often. */
  #leftOut = false
  #found: PlacedSet | null = null
  #nearest: NearSet | null = null
  readonly #teamsAreFree: boolean

  constructor(input: StageSearchInput) {
    this.#input = input
    const { plan, candidates, ticket } = input
    this.#set = new CandidateSet(plan.teamCount, new RuleCounts(plan.ruleSet.rules.length))
    this.#teamsAreFree = !ticket.facts.isBackfill && candidates.every(({ facts }) => !facts.isBackfill)
    this.#window = candidates.length
    this.#setWindow(candidates.length)
  }

  run(): StageResult {
    const { ticket, candidates, greedyOnly } = this.#input
    for (const departures of greedyOnly ? [0] : DEPARTURES) {
      this.#leftOut = false
      // The first walks also look for the set that lacks least.
      this.#prunes = departures > 1 || (departures === 1 && candidates.length > FEW)
      this.#place(ticket, departures, 0)
      if (this.#found !== null || this.#cut || !this.#leftOut) break
      if (departures === 0 && candidates.length > WINDOW) this.#setWindow(WINDOW)
    }
    const complete = !this.#cut && !this.#leftOut && this.#window === candidates.length
    return { found: this.#found, complete, nearest: this.#nearest }
  }

  #setWindow(size: number): void {
    this.#window = size
    this.#playersFrom = new Array<number>(size + 1).fill(0)
    for (let position = size - 1; position >= 0; position--) {
      const players = this.#input.candidates[position]?.facts.size ?? 0
      this.#playersFrom[position] = players + (this.#playersFrom[position + 1] ?? 0)
    }
  }

  /** Puts the ticket on each team in turn and goes on from candidate `next`. False when it has no place. */
  #place(subject: Subject, left: number, next: number): boolean {
    const { oneOf } = this.#input
    let placed = false
    for (const team of this.#teamsFor(subject)) {
      if (placed && left === 0) {
        this.#leftOut = true
        break
      }
      this.#set.add(subject.facts, team)
      this.#members.push(subject)
      this.#weight += subject.weight
      if (oneOf?.has(subject)) this.#hits++
      if (this.#canHold()) {
        this.#judge()
        this.#explore(next, placed ? left - 1 : left)
        placed = true
      }
      if (oneOf?.has(subject)) this.#hits--
      this.#members.pop()
      this.#weight -= subject.weight
      this.#set.removeLast()
      if (placed && (this.#found !== null || this.#cut)) break
    }
    return placed
  }

  #explore(from: number, left: number): void {
    const { candidates, stage, work, oneOf, greedyOnly } = this.#input
    let departures = left
    for (let position = from; position < this.#window && this.#set.total < stage.cap; position++) {
      const candidate = candidates[position]
      if (candidate === undefined || (this.#prunes && this.#cannotFill(position))) return
      // Those of which it must have one come first.
      if (oneOf !== null && this.#hits === 0 && !oneOf.has(candidate)) return
      if (work.left <= 0 && !greedyOnly) {
        this.#cut = true
        return
      }
      if (candidate.facts.isBackfill && this.#set.backfills > 0) continue
      if (!this.#place(candidate, departures, position + 1)) continue
      if (this.#found !== null || this.#cut) return
      // To go on is to leave the candidate out.
      if (departures === 0) {
        this.#leftOut = true
        return
      }
      departures--
    }
  }

  /** Whether the candidates from this one on are too few players to fill the teams. */
  #cannotFill(position: number): boolean {
    return (this.#playersFrom[position] ?? 0) < this.#input.stage.shortage(this.#set)
  }

  #canHold(): boolean {
    const { stage, work } = this.#input
    work.left -= this.#weight
    return stage.canHold(this.#set)
  }

  /** Keeps the set if it is a match, or comes closer to one than any before. */
  #judge(): void {
    const { stage, oneOf, work } = this.#input
    if (oneOf !== null && this.#hits === 0) return
    const { total, backfills } = this.#set
    const shortage = stage.shortage(this.#set) + (backfills > 0 && this.#members.length < 2 ? 1 : 0)
    const before = this.#nearest
    if (before !== null && shortage > 0 && (shortage > before.shortage || total <= sizeOf(before))) return
    work.left -= shortage === 0 ? this.#weight : 0
    const failing = shortage > 0 ? [] : stage.failing(this.#set)
    if (shortage === 0 && failing.length === 0) {
      // Once something is found the walk only goes on adding, so the last one is the largest.
      this.#found = this.#snapshot()
      return
    }
    if (before !== null && before.shortage === 0 && failing.length > before.failing.length) return
    const near = { ...this.#snapshot(), shortage, failing, shortfall: this.#shortfall(failing) }
    if (before === null || isNearer(near, before)) this.#nearest = near
  }

  #shortfall(failing: readonly number[]): number {
    const { plan, stage, work } = this.#input
    work.left -= failing.length === 0 ? 0 : this.#weight
    const of = { plan, stage, set: this.#set, members: this.#members }
    return failing.reduce((sum, rule) => sum + measureRule(rule, of).shortfall, 0)
  }

  #snapshot(): PlacedSet {
    return { members: [...this.#members], teams: [...this.#set.placements], stage: this.#input.stage }
  }

  /** Teams with room: those that still need players, then those with the most open slots. */
  #teamsFor({ facts }: Subject): number[] {
    const { plan, stage } = this.#input
    const { sizes } = this.#set
    if (facts.isBackfill) return stage.hasRoomFor(this.#set, facts, 0) ? [0] : []
    const choices: number[] = []
    for (let team = 0; team < stage.teams.length; team++) {
      if (!stage.hasRoomFor(this.#set, facts, team)) continue
      const isEmpty = this.#teamsAreFree && sizes[team] === 0
      const isLike = (other: number) => sizes[other] === 0 && plan.teamClass[other] === plan.teamClass[team]
      if (!isEmpty || !choices.some(isLike)) choices.push(team)
    }
    const rank = (team: number) => {
      const { min = 0, max = 0 } = stage.teams[team] ?? {}
      const size = sizes[team] ?? 0
      return (size < min ? 1_000 : 0) + max - size
    }
    return choices.sort((one, other) => rank(other) - rank(one) || one - other)
  }
}

/** Fewer players missing, then fewer rules failing, then failing by less, then more players. */
export function isNearer(one: NearSet, other: NearSet): boolean {
  const order =
    one.shortage - other.shortage ||
    one.failing.length - other.failing.length ||
    one.shortfall - other.shortfall ||
    sizeOf(other) - sizeOf(one)
  return order < 0
}

function sizeOf({ members }: PlacedSet): number {
  return members.reduce((sum, { facts }) => sum + facts.size, 0)
}
