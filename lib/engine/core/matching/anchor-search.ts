/**
 * Looks for a match around one anchor. First greedily, then with one and two departures from the greedy choice (a
 * ticket left out, or another team), then every way there is, as far as the effort allows.
 */
import type { PassPool } from './pass-pool.ts'
import type { RuleCounts } from './rule-counts.ts'
import { Trial } from './trial.ts'

/** How many candidates the search chooses from after the greedy walk, which looks at all of them. */
const WINDOW = 128
/** Evaluations that sorting costs per ticket. */
export const SORT_WORK = 8
const DEPARTURES = [0, 1, 2, Number.POSITIVE_INFINITY]

export interface FoundSet {
  members: number[]
  /** Per member the team of a new ticket. */
  teams: number[]
}
export interface SearchResult {
  found: FoundSet | null
  /** Every possibility was looked at: if nothing was found, the anchor is in no match of this pool. */
  complete: boolean
  work: number
}

export interface SearchInput {
  pool: PassPool
  anchor: number
  /** Gives the other tickets in the order they should be tried, then undefined. */
  nextCandidate: () => number | undefined
  /** Puts all candidates that fit the anchor into another order; null keeps the one they come in. */
  sort: ((candidates: readonly number[]) => () => number | undefined) | null
  /** Rank of each team where several are equally good. */
  teamRanks: readonly number[]
  additionalPlayerCount: number
  counts: RuleCounts
  /** Evaluations after which the search gives up departing from the greedy walk, and altogether. */
  workLimit: number
  hardLimit: number
  /** No departures from the greedy walk. */
  greedyOnly: boolean
}

export function searchMatch(input: SearchInput): SearchResult {
  return new AnchorSearch(input).run()
}

class AnchorSearch {
  readonly #input: SearchInput
  readonly #trial: Trial
  /** Holds the anchor only: most tickets are turned away by it. */
  readonly #anchorAlone: Trial
  /** Tickets that fit the anchor, and before each one the players of those before it. */
  readonly #candidates: number[] = []
  readonly #playersBefore: number[] = [0]
  #next: (() => number | undefined) | null = null
  #sourceDone = false
  #window = Number.POSITIVE_INFINITY
  #cut = false
  #sortWork = 0
  #best: FoundSet | null = null
  #bestSize = 0

  constructor(input: SearchInput) {
    this.#input = input
    this.#trial = new Trial(input.pool, input.additionalPlayerCount, input.counts)
    this.#anchorAlone = new Trial(input.pool, input.additionalPlayerCount, input.counts)
  }

  run(): SearchResult {
    const { anchor } = this.#input
    if (!this.#trial.fits(anchor)) return { found: null, complete: true, work: this.#work }
    this.#anchorAlone.hold(anchor, 0)
    for (const departures of DEPARTURES) {
      this.#tryTeams(anchor, departures, 0)
      if (this.#best !== null || this.#cut || this.#input.greedyOnly) break
      if (departures === 0 && !this.#widen()) break
    }
    const complete = !this.#cut && this.#sourceDone && this.#candidates.length <= WINDOW
    return { found: this.#best, complete, work: this.#work }
  }

  get #work(): number {
    return this.#trial.work + this.#anchorAlone.work + this.#sortWork
  }

  /** Gathers the candidates the later phases choose from. False when they are too few players for any match. */
  #widen(): boolean {
    while (this.#candidates.length <= WINDOW && this.#candidate(this.#candidates.length) !== undefined);
    this.#window = WINDOW
    if (!this.#sourceDone || this.#candidates.length > WINDOW) return true
    const { anchor, pool } = this.#input
    const players = (this.#playersBefore.at(-1) ?? 0) + (pool.tickets[anchor]?.size ?? 0)
    const { teams } = this.#anchorAlone.limitsWith(anchor)
    return players >= teams.reduce((sum, { min }) => sum + min, 0)
  }

  /**
   * Walks the candidates from the n-th on, with `left` departures to spend. True when the search is over: something
   * viable was found and the walk that found it has come to its end, or the effort is used up.
   */
  #explore(from: number, left: number): boolean {
    const { pool, workLimit, hardLimit } = this.#input
    const limit = this.#window < Number.POSITIVE_INFINITY ? workLimit : hardLimit
    // Made when first needed: the greedy walk, which is most of all work, never leaves anything out.
    let leftOut: Set<number> | null = null
    let departures = left
    for (let position = from; position < this.#window && !this.#trial.isFull(); position++) {
      const candidate = this.#candidate(position)
      if (candidate === undefined || this.#cannotFill(position)) break
      if (leftOut?.has(pool.twinsOf(candidate))) continue
      if (this.#work > limit) {
        this.#cut = true
        return true
      }
      if (!this.#trial.fits(candidate)) continue
      const tried = this.#tryTeams(candidate, departures, position + 1)
      if (tried === 'over') return true
      if (tried === 'no team') continue
      if (departures === 0) return false
      departures--
      // Leaving this one out and taking a ticket that is the same to every rule would find nothing new.
      leftOut ??= new Set()
      leftOut.add(pool.twinsOf(candidate))
    }
    return this.#best !== null
  }

  /** Puts the ticket on each team in turn and goes on from candidate `next`. Any team but the first is a departure. */
  #tryTeams(ticket: number, left: number, next: number): 'over' | 'no team' | 'nothing found' {
    let placed = 0
    for (const team of this.#teamsFor(ticket)) {
      if (placed > 0 && left === 0) break
      if (!this.#trial.add(ticket, team)) continue
      this.#remember()
      const over = this.#explore(next, placed === 0 ? left : left - 1)
      this.#trial.removeLast()
      if (over) return 'over'
      placed++
    }
    return placed === 0 ? 'no team' : 'nothing found'
  }

  #remember(): void {
    const { candidates: set, members } = this.#trial
    if (set.total <= this.#bestSize || !this.#trial.isViable()) return
    this.#bestSize = set.total
    this.#best = { members: [...members], teams: [...set.placements] }
  }

  /** Teams with room, best first: those that still need players, then those with the most open slots. */
  #teamsFor(ticket: number): number[] {
    const { pool, teamRanks } = this.#input
    const facts = pool.tickets[ticket]
    if (facts === undefined) return []
    // The players of a backfill ticket stay where they are.
    if (facts.isBackfill) return [0]
    const { teams } = this.#trial.limitsWith(ticket)
    const { sizes } = this.#trial.candidates
    const choices: number[] = []
    for (let team = 0; team < teams.length; team++) {
      const open = (teams[team]?.max ?? 0) - (sizes[team] ?? 0)
      if (open >= facts.size && !this.#isLikeAnother(team, choices)) choices.push(team)
    }
    if (choices.length < 2) return choices
    const rank = (team: number) => {
      const size = sizes[team] ?? 0
      const short = size < (teams[team]?.min ?? 0)
      // Ranks are below one, so they decide between equal numbers of open slots only.
      return (short ? 1_000_000 : 0) + (teams[team]?.max ?? 0) - size + (teamRanks[team] ?? 0)
    }
    return choices.sort((one, other) => rank(other) - rank(one))
  }

  /** Whether an empty team can be exchanged for another empty one that is already a choice. */
  #isLikeAnother(team: number, choices: readonly number[]): boolean {
    const { sizes } = this.#trial.candidates
    const { plan, teamsAreFree } = this.#input.pool
    if (!teamsAreFree || sizes[team] !== 0) return false
    const like = plan.teamClass[team]
    for (const choice of choices) if (sizes[choice] === 0 && plan.teamClass[choice] === like) return true
    return false
  }

  /** Whether the candidates from this one on are too few players to bring every team to its minimum. */
  #cannotFill(position: number): boolean {
    if (this.#window === Number.POSITIVE_INFINITY) return false
    const end = Math.min(this.#window, this.#candidates.length)
    const remaining = (this.#playersBefore[end] ?? 0) - (this.#playersBefore[position] ?? 0)
    return remaining < this.#trial.shortage()
  }

  /** The n-th ticket that fits the anchor; undefined when there are no more. */
  #candidate(position: number): number | undefined {
    const known = this.#candidates[position]
    if (known !== undefined || this.#sourceDone) return known
    this.#next ??= this.#fittingInOrder()
    const next = this.#next()
    if (next === undefined) {
      this.#sourceDone = true
      return undefined
    }
    const players = this.#input.pool.tickets[next]?.size ?? 0
    this.#playersBefore.push((this.#playersBefore.at(-1) ?? 0) + players)
    this.#candidates.push(next)
    return next
  }

  /** Where the next ticket that fits the anchor comes from. Another order than the pool's needs them all first. */
  #fittingInOrder(): () => number | undefined {
    const { sort } = this.#input
    if (sort === null) return () => this.#nextFitting()
    const all: number[] = []
    for (let next = this.#nextFitting(); next !== undefined; next = this.#nextFitting()) all.push(next)
    this.#sortWork = all.length * SORT_WORK
    return sort(all)
  }

  #nextFitting(): number | undefined {
    for (;;) {
      const next = this.#input.nextCandidate()
      if (next === undefined || this.#anchorAlone.fits(next)) return next
    }
  }
}
