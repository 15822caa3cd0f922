/** Holds one other ticket against the ticket that is explained. */
import { CandidateSet } from '#lib/engine/core/matching/candidate-set.ts'
import type { Plan } from '#lib/engine/core/matching/plan.ts'
import { RuleCounts } from '#lib/engine/core/matching/rule-counts.ts'
import type { TicketFacts } from '#lib/engine/core/matching/ticket-facts.ts'
import type { Refusal } from './explanation.ts'
import type { StageRules } from './stage-rules.ts'
import type { Work } from './stage-search.ts'
import type { Subject } from './subject.ts'

/** The pair on the teams on which least speaks against it. */
export interface Weighing {
  other: Subject
  /** Stage of the two as a match. */
  stage: StageRules
  /** null when rules decide. */
  outright: Exclude<Refusal['reason'], 'rule'> | null
  /** Rules that fail for the two and for every match with both. */
  refusing: readonly number[]
  /** Where the explained ticket and the other one stand; backfill tickets have their own teams. */
  teams: readonly [number, number]
}

export function isRefused({ outright, refusing }: Weighing): boolean {
  return outright !== null || refusing.length > 0
}

/** Two on the same team and on two teams. */
export const pairWork = (one: { weight: number }, other: { weight: number }) => 2 * (one.weight + other.weight)

type Placements = readonly (readonly [number, number])[]
const roomIn = (pairs: Placements): [Weighing['outright'], Placements] => [pairs.length === 0 ? 'size' : null, pairs]

export class PairScales {
  readonly #plan: Plan
  readonly #ticket: Subject
  readonly #work: Work
  readonly #set: CandidateSet
  /** Per stage and other ticket whether a match of that stage can have both. */
  readonly #fits = new Map<number, Map<Subject, boolean>>()

  readonly #pairsBySize = new Map<string, Placements>()

  constructor(plan: Plan, ticket: Subject, work: Work) {
    this.#plan = plan
    this.#ticket = ticket
    this.#work = work
    this.#set = new CandidateSet(plan.teamCount, new RuleCounts(plan.ruleSet.rules.length))
  }

  weigh(other: Subject, stage: StageRules): Weighing {
    const [outright, pairs] = this.#placements(other, stage)
    let best: Weighing = { other, stage, outright, refusing: [], teams: [0, 0] }
    if (outright !== null) return best
    let fewest = Number.POSITIVE_INFINITY
    for (const teams of pairs) {
      const refusing = this.#asking(other, teams, (set) => stage.refusing(set))
      if (refusing.length >= fewest) continue
      fewest = refusing.length
      best = { other, stage, outright, refusing, teams }
      if (fewest === 0) break
    }
    return best
  }

  /** Whether any match of the stage could have both. */
  fits(other: Subject, stage: StageRules): boolean {
    const known = this.#fits.get(stage.index) ?? new Map<Subject, boolean>()
    this.#fits.set(stage.index, known)
    const before = known.get(other)
    this.#work.left -= before === undefined ? pairWork(this.#ticket, other) : 1
    if (before !== undefined) return before
    const [outright, pairs] = this.#placements(other, stage)
    const fits =
      outright === null &&
      stage.spreadsAllow(this.#ticket.facts, other.facts) &&
      pairs.some((teams) => this.#asking(other, teams, (set) => stage.canHold(set)))
    known.set(other, fits)
    return fits
  }

  /** The set of a weighing, to be measured at once: the next question changes it. */
  setOf({ other, teams }: Weighing): CandidateSet {
    return this.#asking(other, teams, (set) => {
      const copy = new CandidateSet(this.#plan.teamCount, set.counts)
      set.members.forEach((facts, index) => {
        copy.add(facts, set.placements[index] ?? 0)
      })
      return copy
    })
  }

  #asking<Answer>(other: Subject, [own, its]: readonly [number, number], ask: (set: CandidateSet) => Answer): Answer {
    this.#set.add(this.#ticket.facts, own)
    this.#set.add(other.facts, its)
    const answer = ask(this.#set)
    this.#set.removeLast()
    this.#set.removeLast()
    return answer
  }

  /** Every way to place the two that has room, or why there is none. */
  #placements({ facts }: Subject, stage: StageRules): [Weighing['outright'], Placements] {
    if (facts.unmatchable !== null) return ['never-matches', []]
    if (facts.isBackfill && this.#ticket.facts.isBackfill) return ['two-backfills', []]
    if (facts.isBackfill) return roomIn(this.#pairs(facts, stage))
    // Of a new ticket only the size matters.
    const key = `${stage.index} ${facts.size}`
    const pairs = this.#pairsBySize.get(key) ?? this.#pairs(facts, stage)
    this.#pairsBySize.set(key, pairs)
    return roomIn(pairs)
  }

  #pairs(other: TicketFacts, stage: StageRules): Placements {
    const teamsAreFree = !other.isBackfill && !this.#ticket.facts.isBackfill
    const pairs: (readonly [number, number])[] = []
    for (const own of this.#teamsFor(this.#ticket.facts, stage, teamsAreFree, null)) {
      this.#set.add(this.#ticket.facts, own)
      for (const its of this.#teamsFor(other, stage, teamsAreFree, own)) pairs.push([own, its])
      this.#set.removeLast()
    }
    return pairs
  }

  /** Teams with room; of empty teams that no rule can tell apart the first. */
  #teamsFor(facts: TicketFacts, stage: StageRules, teamsAreFree: boolean, taken: number | null): number[] {
    const { teamClass } = this.#plan
    const teams = facts.isBackfill ? [0] : stage.teams.map((_, team) => team)
    const isLikeBefore = (team: number) =>
      teamsAreFree &&
      team !== taken &&
      teams.some((before) => before < team && before !== taken && teamClass[before] === teamClass[team])
    return teams.filter((team) => stage.hasRoomFor(this.#set, facts, team) && !isLikeBefore(team))
  }
}
