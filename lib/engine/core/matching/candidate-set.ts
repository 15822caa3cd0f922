import type { RuleCounts } from './rule-counts.ts'
import type { Group, TicketFacts } from './ticket-facts.ts'
import type { Totals } from './totals.ts'

/** Tickets on trial for one match, with the team each was placed on. Changes as the search goes; rules read it. */
export class CandidateSet {
  /** Per team. */
  readonly groups: Group[][]
  readonly sizes: number[]
  readonly members: TicketFacts[] = []
  /** Per member where it was placed. */
  readonly placements: number[] = []
  /** In place of `groups`, for rules that read no more than totals. */
  totals: Totals | null = null
  /** Players. */
  total = 0
  backfills = 0
  /** Where rules asked about this set are counted. */
  counts: RuleCounts
  constructor(teamCount: number, counts: RuleCounts) {
    this.counts = counts
    this.groups = Array.from({ length: teamCount }, () => [])
    this.sizes = new Array<number>(teamCount).fill(0)
  }

  /** `team` is where a new ticket's players go; those of a backfill ticket stay where they are. */
  add(facts: TicketFacts, team: number): void {
    for (const group of facts.groups) {
      const on = group.team ?? team
      this.groups[on]?.push(group)
      this.sizes[on] = (this.sizes[on] ?? 0) + group.size
    }
    this.members.push(facts)
    this.placements.push(team)
    this.total += facts.size
    if (facts.isBackfill) this.backfills++
  }

  /** Undoes the latest `add`. */
  removeLast(): void {
    const facts = this.members.pop()
    const team = this.placements.pop()
    if (facts === undefined || team === undefined) return
    for (const group of facts.groups) {
      const on = group.team ?? team
      this.groups[on]?.pop()
      this.sizes[on] = (this.sizes[on] ?? 0) - group.size
    }
    this.total -= facts.size
    if (facts.isBackfill) this.backfills--
  }
}
