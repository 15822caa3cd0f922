/** Shows the tickets of a set to the rules that columns do not decide: whole, or as totals where rules read no more. */
import { CandidateSet } from './candidate-set.ts'
import { TOTAL } from './row-layout.ts'
import type { RuleCounts } from './rule-counts.ts'
import { Totals } from './totals.ts'
import type { WaitingPool } from './waiting-pool.ts'

export class ShownSet {
  /** What rules are asked about. */
  readonly candidates: CandidateSet
  readonly #pool: WaitingPool
  readonly #totals: Totals

  constructor(pool: WaitingPool, counts: RuleCounts) {
    const { teamCount, columns } = pool.plan.plan
    this.#pool = pool
    this.candidates = new CandidateSet(teamCount, counts)
    this.#totals = new Totals(teamCount, columns.all.length)
  }

  /** The set has to be empty, or to have been shown with `add` alone. */
  add(slot: number, team: number): void {
    const what = this.#pool.plan.keeps === 'everything' ? 'everything' : 'values'
    this.candidates.add(this.#pool.facts(slot, what), team)
  }

  removeLast(): void {
    this.candidates.removeLast()
  }

  /** `sizes`: players per team. */
  showTotals(members: readonly number[], teams: readonly number[], sizes: readonly number[]): void {
    const { rows, layout, plan } = this.#pool
    const totals = this.#totals
    totals.clear()
    this.candidates.totals = totals
    for (let team = 0; team < sizes.length; team++) this.candidates.sizes[team] = sizes[team]!
    for (let place = 0; place < members.length; place++) {
      const slot = members[place]!
      if (this.#pool.isBackfill(slot)) {
        this.#addBackfill(slot)
        continue
      }
      for (let index = 0; index < plan.totalled.length; index++) {
        const at = totals.at(teams[place]!, plan.totalled[index]!)
        const from = slot * layout.stride + layout.totals + TOTAL * index
        totals.sums[at]! += rows[from]!
        totals.mins[at] = Math.min(totals.mins[at]!, rows[from + 1]!)
        totals.maxs[at] = Math.max(totals.maxs[at]!, rows[from + 2]!)
        totals.counts[at]! += rows[from + 3]!
      }
    }
  }

  clear(): void {
    if (this.candidates.totals !== null) {
      this.candidates.totals = null
      this.candidates.sizes.fill(0)
    }
    while (this.candidates.members.length > 0) this.candidates.removeLast()
  }

  #addBackfill(slot: number): void {
    for (const { team, columns } of this.#pool.facts(slot, 'values').groups) {
      for (const column of this.#pool.plan.totalled) {
        const { sum, min, max, values } = columns[column]!
        this.#totals.add(team ?? 0, column, { sum, min, max, count: values.length })
      }
    }
  }
}
