import type { EngineOptions, FoundMatch, PassResult, PoolTicket } from '#lib/engine/core/contract.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import { type FoundSet, searchMatch } from './anchor-search.ts'
import { balanceTeams } from './balance-teams.ts'
import { candidateOrder } from './candidate-order.ts'
import { CandidateSource } from './candidate-source.ts'
import { searchLargeMatch } from './large-search.ts'
import { PassPool } from './pass-pool.ts'
import { planFor } from './plan.ts'
import { RuleCounts } from './rule-counts.ts'

/**
 * Evaluations one pass may spend; about 200 ms. What is left over is for the next pass, so a hostile rule set or a
 * crowded pool slows its own matches down and nothing else.
 */
const PASS_WORK = 4_000_000
/** A small pool is searched to the end; in a large one the next anchor is a better use of the time. */
const SMALL_POOL = 32
const ANCHOR_WORK = 40_000

export interface MatchingInput {
  /** Tickets in SEARCHING, of one configuration, in any order. Objects that stay the same are not read again. */
  pool: readonly PoolTicket[]
  ruleSet: RuleSet
  /** Slots of every match that are kept free. */
  additionalPlayerCount: number
  nowMs: number
  /** Uniform in [0, 1), seeded: the same inputs and numbers give the same matches. */
  random: () => number
  options: Pick<EngineOptions, 'latency' | 'partyValueWeight' | 'stringPartyAggregation'>
}

/**
 * One matching pass: each ticket in turn is the anchor and the others are weighed against it. The batch is the whole
 * pool, whatever batchingPreference says: sorting a pool before it is cut into one piece changes nothing. Nothing is
 * kept between passes. When the work of one pass does not suffice, nextChangeMs is nowMs.
 */
export function findMatches(input: MatchingInput): PassResult {
  const { ruleSet, additionalPlayerCount, nowMs, random, options } = input
  const plan = planFor(ruleSet, options)
  const pool = new PassPool(plan, input.pool, nowMs, additionalPlayerCount)
  const source = new CandidateSource(pool)
  const order = candidateOrder(plan, pool.tickets)
  const result: PassResult = { matches: [], metricsByTicket: new Map(), nextChangeMs: null }
  const large = ruleSet.size === 'large'
  const find = large ? searchLargeMatch : searchMatch
  let work = PASS_WORK
  for (const anchor of anchorsInTurn(pool.tickets.length, random, () => work < PASS_WORK / 2)) {
    if (source.isOut(anchor)) continue
    if (work <= 0) {
      result.nextChangeMs = nowMs
      break
    }
    const counts = new RuleCounts(ruleSet.rules.length)
    const search = find({
      pool,
      anchor,
      nextCandidate: source.for(anchor),
      sort: order && ((candidates) => order(anchor, candidates)),
      teamRanks: ruleSet.teams.map((_, team) => (large ? -team / ruleSet.teams.length : random())),
      greedyOnly: large,
      additionalPlayerCount,
      counts,
      hardLimit: work,
      workLimit: pool.tickets.length <= SMALL_POOL ? Math.max(ANCHOR_WORK, work / 2) : ANCHOR_WORK,
    })
    work -= search.work
    const metrics = counts.metrics(ruleSet.rules)
    if (search.found !== null) {
      for (const member of search.found.members) source.remove(member)
      const balanced = balanceTeams(search.found, pool)
      result.matches.push({ ...foundMatch(balanced, pool, ruleSet), metrics })
      continue
    }
    // The anchor is in no match of this pool, so it is nobody's candidate either.
    if (search.complete) source.remove(anchor)
    const ticket = pool.tickets[anchor]?.ticket
    if (ticket !== undefined) result.metricsByTicket.set(ticket.ticketId, metrics)
  }
  for (const { tickets } of result.matches) for (const { ticketId } of tickets) result.metricsByTicket.delete(ticketId)
  result.nextChangeMs ??= nextStep(input, plan.stageAgesMs, result)
  return result
}

/**
 * The oldest first. When half the work is spent on those, the rest goes on from a random place: otherwise tickets that
 * cost much and match nobody would keep all younger ones waiting, pass after pass.
 */
function* anchorsInTurn(count: number, random: () => number, halfSpent: () => boolean): Generator<number> {
  let anchor = 0
  for (; anchor < count && !halfSpent(); anchor++) yield anchor
  const left = count - anchor
  const start = left === 0 ? 0 : Math.floor(random() * left)
  for (let step = 0; step < left; step++) yield anchor + ((start + step) % left)
}

function foundMatch({ members, teams }: FoundSet, pool: PassPool, ruleSet: RuleSet): Pick<FoundMatch, 'tickets'> {
  return {
    tickets: members.flatMap((member, position) => {
      const ticket = pool.tickets[member]?.ticket
      if (ticket === undefined) return []
      const team = ruleSet.teams[teams[position] ?? 0]?.name ?? ''
      return [
        { ticketId: ticket.ticketId, teams: ticket.players.map((player) => (ticket.backfill && player.team) || team) },
      ]
    }),
  }
}

/** The next instant at which a ticket that still waits reaches the age of an expansion step. */
function nextStep({ pool, nowMs }: MatchingInput, agesMs: readonly number[], { matches }: PassResult): number | null {
  if (agesMs.length === 0) return null
  const matched = new Set(matches.flatMap(({ tickets }) => tickets.map(({ ticketId }) => ticketId)))
  let next: number | null = null
  for (const { ticketId, startTimeMs } of pool) {
    if (matched.has(ticketId)) continue
    const age = agesMs.find((ageMs) => startTimeMs + ageMs > nowMs)
    if (age !== undefined && (next === null || startTimeMs + age < next)) next = startTimeMs + age
  }
  return next
}
