/** Why a ticket that is SEARCHING waits. A pure function: it reads, and changes nothing. */
import type { PoolTicket } from '#lib/engine/core/contract.ts'
import { type MatchingOptions, type Plan, planFor } from '#lib/engine/core/matching/plan.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { NearestMiss, SearchExplanation, Verdict } from './explanation.ts'
import { type FirstMatch, firstMatch } from './first-match.ts'
import { neverReasons } from './never.ts'
import { PairScales, pairWork } from './pair-weighing.ts'
import { possibleMatch } from './possible-match.ts'
import { setRefusals } from './refusals.ts'
import { counted, listed, seconds } from './shown.ts'
import { StageRules } from './stage-rules.ts'
import type { NearSet, PlacedSet } from './stage-search.ts'
import { explainedSteps, makersOf, stepText } from './steps.ts'
import { type Subject, subjectOf, weightOf } from './subject.ts'
import { said, weighAll } from './weighed.ts'

export interface ExplainBudget {
  /** Other tickets that are weighed. */
  weighedTickets: number
  /** Of those, how many the answer lists. */
  listedTickets: number
  /** Values that rules may look at to weigh tickets, and again to find a match: some ten million a second. */
  work: number
}
export const DEFAULT_BUDGET: ExplainBudget = { weighedTickets: 500, listedTickets: 50, work: 100_000 }

/** A budget for weighing that many tickets, with work for finding a match in proportion. */
export function budgetFor(weighedTickets: number): ExplainBudget {
  const { weighedTickets: usual, work, listedTickets } = DEFAULT_BUDGET
  return { weighedTickets, listedTickets, work: Math.max(work, (work * weighedTickets) / usual) }
}

export interface ExplainInput {
  ruleSet: RuleSet
  additionalPlayerCount: number
  requestTimeoutSeconds: number
  options: MatchingOptions
  ticket: PoolTicket
  /** Other SEARCHING tickets of the configuration, the most relevant first; beyond the budget they are left out. */
  others: readonly PoolTicket[]
  /** How many others there are in all. */
  waitingTickets: number
  nowMs: number
  budget?: Partial<ExplainBudget>
}

export function explain(input: ExplainInput): SearchExplanation {
  const { ruleSet, options, nowMs, requestTimeoutSeconds, waitingTickets } = input
  const budget = { ...DEFAULT_BUDGET, ...input.budget }
  const plan = planFor(ruleSet, options)
  const work = { left: budget.work }
  const subject = (ticket: PoolTicket) => subjectOf(ticket, plan, requestTimeoutSeconds)
  const ticket = subject(input.ticket)
  // A ticket whose time is over is taken out by the next tick, before any match.
  const others = affordable(input, budget, plan).map(subject).sort(byAge)
  const scales = new PairScales(plan, ticket, work)
  const known: StageRules[] = []
  const stageRules = (stage: number) => {
    const rules = known[stage] ?? new StageRules(plan, stage, input.additionalPlayerCount)
    known[stage] = rules
    return rules
  }
  const shared = { plan, ticket, others, nowMs, requestTimeoutSeconds, scales, stageRules, work }

  const never = neverReasons(shared)
  // A ticket without its values cannot be weighed: rules would not see its players.
  const weighable = ticket.facts.unmatchable === null ? others : []
  const { weighed, nearestPair } = weighAll({
    ...shared,
    others: weighable,
    waitingTickets,
    cut: others.length < waitingTickets,
    listedTickets: budget.listedTickets,
  })
  const living = weighable.filter(({ deadlineMs }) => deadlineMs > nowMs)
  const search = never.length > 0 ? null : firstMatch({ ...shared, others: living })
  // Who was not weighed can make a match that was not seen.
  const first = search && { ...search, complete: search.complete && !weighed.cut }
  const verdict: Verdict =
    first === null
      ? {
          kind: 'never',
          reasons: never,
          sentence: `It can never be matched. ${never.map(({ sentence }) => sentence).join(' ')}`,
        }
      : searchVerdict(first, shared)
  const makers = new Set(verdict.kind === 'later' ? verdict.steps.map(({ path }) => path) : [])
  const expansions = explainedSteps({ ...shared, others: weighable, makers })
  const nearestMiss = verdict.kind === 'soon' ? null : (nearestSet(first?.nearest ?? null, plan, ticket) ?? nearestPair)
  return { sentence: verdict.sentence, verdict, weighed, nearestMiss, expansions }
}

/** A rule set made to hurt, or parties with endless lists, have fewer tickets weighed. */
function affordable(
  { ticket, others }: ExplainInput,
  { weighedTickets, work }: ExplainBudget,
  plan: Plan,
): PoolTicket[] {
  const own = { weight: weightOf(ticket, plan) }
  const chosen: PoolTicket[] = []
  let left = work
  for (const other of others) {
    if (chosen.length >= weighedTickets || left <= 0) break
    left -= pairWork(own, { weight: weightOf(other, plan) })
    chosen.push(other)
  }
  return chosen
}

const byAge = (one: Subject, other: Subject) => one.startMs - other.startMs || one.ticket.arrival - other.ticket.arrival

interface Context {
  plan: Plan
  ticket: Subject
  nowMs: number
  stageRules: (stage: number) => StageRules
}

function searchVerdict({ found, complete, nearest }: FirstMatch, context: Context): Verdict {
  const { plan, nowMs } = context
  if (found === null) return waiting(nearest, complete, context)
  const match = possibleMatch(found.set, plan)
  const others = listed(match.tickets.slice(1).map(({ ticketId }) => ticketId))
  if (found.atMs <= nowMs) {
    const whom = others === '' ? 'alone' : `with ${others}`
    return { kind: 'soon', match, sentence: `A match ${whom} is possible now: it waits for the next matching pass.` }
  }
  return later(found.set, found.atMs, complete, match, others, context)
}

function later(
  set: PlacedSet,
  atMs: number,
  certain: boolean,
  match: ReturnType<typeof possibleMatch>,
  others: string,
  { plan, ticket, nowMs, stageRules }: Context,
): Verdict {
  const starts = set.members.map(({ startMs }) => startMs)
  const newest = plan.ruleSet.algorithm.expansionAgeSelection === 'newest'
  const matchAgeMs = atMs - (newest ? Math.max(...starts) : Math.min(...starts))
  const steps = makersOf(set, plan, stageRules(set.stage.index - 1))
  const whom = others === '' ? 'alone' : `with ${others}, if all of them still wait`
  const by = steps.length === 0 ? 'the expansions due then' : listed(steps.map(stepText))
  return {
    kind: 'later',
    atMs,
    inSeconds: (atMs - nowMs) / 1000,
    matchAgeSeconds: matchAgeMs / 1000,
    ticketAgeSeconds: (atMs - ticket.startMs) / 1000,
    steps,
    match,
    certain,
    sentence: `In ${seconds(atMs - nowMs)} the ${newest ? 'newest' : 'oldest'} ticket of a match will be ${seconds(matchAgeMs)} old, and ${by} makes a match possible ${whom}.${certain ? '' : ' Not every ticket or match was looked at, so one may be possible sooner.'}`,
  }
}

function waiting(nearest: NearSet | null, certain: boolean, { plan, ticket, stageRules }: Context): Verdict {
  const near: NearSet = nearest ?? aloneSet(ticket, stageRules(0))
  const best = possibleMatch(near, plan)
  const refusals = near.failing.length > 0 ? setRefusals(near, plan) : []
  const cut = certain ? '' : ' Not every ticket or match was looked at, so one may be possible nevertheless.'
  const others = near.members.length - 1
  const sentence =
    near.shortage > 0
      ? `${others === 0 ? 'No other ticket fits' : 'Too few players fit'}: ${counted(near.shortage, 'more player')} ${near.shortage === 1 ? 'is' : 'are'} needed${others === 0 ? '' : ` beside ${counted(others, 'other ticket')}`}, and no expansion step changes that before the request times out.${cut}`
      : `Teams can be filled, but every match is refused. Closest, with ${counted(others, 'other ticket')}: ${said(refusals)}${cut}`
  return { kind: 'waiting', playersNeeded: near.shortage, best, refusals, certain, sentence }
}

/** Stands in where not even the ticket alone has a place at its present stage. */
function aloneSet(ticket: Subject, stage: StageRules): NearSet {
  const least = stage.teams.reduce((sum, { min }) => sum + min, 0)
  const shortage = Math.max(1, least - ticket.facts.size)
  return { members: [ticket], teams: [0], stage, shortage, failing: [], shortfall: 0 }
}

function nearestSet(near: NearSet | null, plan: Plan, ticket: Subject): NearestMiss | null {
  if (near === null || near.shortage > 0 || near.failing.length === 0) return null
  const ticketIds = near.members.filter((member) => member !== ticket).map((member) => member.ticket.ticketId)
  const refusals = setRefusals(near, plan)
  const whom = ticketIds.length === 0 ? 'A match of this ticket alone' : `A match with ${listed(ticketIds)}`
  return { kind: 'match', ticketIds, refusals, sentence: `${whom} comes closest. ${said(refusals)}` }
}
