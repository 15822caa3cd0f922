/** A few tickets of a large pool, taken out for a search that weighs all of them against each other. */
import { candidateOrder } from './candidate-order.ts'
import { PassPool } from './pass-pool.ts'
import type { RuleCounts } from './rule-counts.ts'
import { SlotWalk } from './slot-walk.ts'
import type { SortedSlots } from './sorted-slots.ts'
import type { TicketFacts } from './ticket-facts.ts'
import type { WaitingPool } from './waiting-pool.ts'

/** Tickets of a batch: more would make the search of one anchor long and its match hardly better. */
const MOST_TICKETS = 32
/**
 * Players for one large match, in parts of the most it can take, as some will not fit together: most of the time a few
 * more are enough, and where they are not there is a second try.
 */
export const PLAYERS_PER_PLACE = [1.25, 2]
const MOST_SCANNED = 4096
/** Regions of the anchor that candidates are gathered from. */
const MOST_REGIONS = 3
/** Evaluations that reading one ticket anew costs. */
const READ_WORK = 30

export class Batch {
  work = 0
  readonly #pool: WaitingPool
  readonly #additionalPlayerCount: number
  readonly #walk = new SlotWalk()
  readonly #indexes: SortedSlots[] = []

  constructor(pool: WaitingPool, additionalPlayerCount: number) {
    this.#pool = pool
    this.#additionalPlayerCount = additionalPlayerCount
  }

  takeWork(): number {
    const { work } = this
    this.work = 0
    return work
  }

  /**
   * The anchor and its candidates in the order of the pool; null when they are too few players for any match. `whole`:
   * of the whole pool. `perPlace` says how many players a large match is given to choose from.
   */
  around(anchor: number, whole: boolean, perPlace: number, counts: RuleCounts): number[] | null {
    const pool = this.#pool
    const { loosest, plan } = pool.plan
    const wanted = plan.ruleSet.size === 'large' ? perPlace * loosest.cap : 0
    const slots = [anchor]
    let players = pool.players[anchor]!
    const take = (slot: number) => {
      this.work++
      if (slot === anchor || !pool.couldJoin(anchor, slot, counts)) return
      slots.push(slot)
      players += pool.players[slot]!
    }
    if (whole) pool.all().forEach(take)
    else this.#walkAround(anchor, take, () => slots.length < MOST_TICKETS || players < wanted)
    if (players < loosest.leastPlayers) return null
    this.work += slots.length * READ_WORK
    return pool.inOrder(slots)
  }

  of(slots: readonly number[], nowMs: number): PassPool {
    const facts = slots.map((slot): TicketFacts => this.#pool.facts(slot, 'everything'))
    return new PassPool(this.#pool.plan.plan, facts, nowMs, this.#additionalPlayerCount)
  }

  /** Puts the candidates of an anchor in the order that sort rules or balance ask for; null for that of the pool. */
  sort(anchor: number, pool: PassPool): ((candidates: readonly number[]) => () => number | undefined) | null {
    const order = candidateOrder(pool.plan, pool.tickets)
    return order && ((candidates) => order(anchor, candidates))
  }

  #walkAround(anchor: number, take: (slot: number) => void, wantsMore: () => boolean): void {
    const pool = this.#pool
    const { indexBy } = pool.plan
    let scanned = 0
    if (!pool.isIndexed(anchor)) {
      for (const slot of pool.someOfAll(MOST_SCANNED)) if (wantsMore()) take(slot)
      return
    }
    const seen = new Set<number>()
    for (const region of this.#regions(anchor)) {
      pool.candidates(anchor, region, this.#indexes)
      this.#walk.start(this.#indexes, pool.indexOf(anchor), indexBy.direction)
      for (
        let slot = this.#walk.next();
        slot >= 0 && wantsMore() && scanned++ < MOST_SCANNED;
        slot = this.#walk.next()
      ) {
        if (!seen.has(slot)) take(slot)
        seen.add(slot)
      }
    }
  }

  /** Whose tickets to gather: of the regions with most tickets, or the fastest ones of the anchor. */
  #regions(anchor: number): (number | null)[] {
    const pool = this.#pool
    const { plan } = pool
    if (!pool.isSplitByRegion) return [null]
    const byPopulation = pool.regionsByPopulation(anchor, pool.regionMask(anchor))
    const { fastestRegionColumn } = plan.plan
    if (fastestRegionColumn === null) return byPopulation.slice(0, MOST_REGIONS)
    const latencies = pool.facts(anchor, 'everything').latencies[fastestRegionColumn]
    if (!latencies || latencies === 'any') return byPopulation.slice(0, MOST_REGIONS)
    const latencyMs = (bit: number) => latencies.get(pool.regionName(bit))?.max ?? Number.POSITIVE_INFINITY
    return byPopulation.sort((one, other) => latencyMs(one) - latencyMs(other)).slice(0, MOST_REGIONS)
  }
}
