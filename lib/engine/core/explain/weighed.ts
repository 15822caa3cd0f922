/** Every other ticket on the scales, and what the scales showed in sum. */
import type { Plan } from '#lib/engine/core/matching/plan.ts'
import type { NearestMiss, Refusal, Weighed, WeighedReason, WeighedTicket } from './explanation.ts'
import { isRefused, type PairScales, type Weighing } from './pair-weighing.ts'
import { pairRefusals, type Refused } from './refusals.ts'
import { counted, listed } from './shown.ts'
import type { StageRules } from './stage-rules.ts'
import { joinedStage, type Subject, stageAt } from './subject.ts'

export interface WeighedInput {
  plan: Plan
  ticket: Subject
  others: readonly Subject[]
  waitingTickets: number
  /** Whether there are more others than the budget lets be weighed. */
  cut: boolean
  nowMs: number
  listedTickets: number
  scales: PairScales
  stageRules: (stage: number) => StageRules
}

/** Refused tickets that are measured to find the nearest miss; more than that lie further off by the rules they break. */
const MOST_MEASURED = 128

export function weighAll(input: WeighedInput): { weighed: Weighed; nearestPair: NearestMiss | null } {
  const { plan, ticket, others, nowMs, scales, stageRules, waitingTickets, listedTickets } = input
  const own = stageAt(ticket, plan, nowMs)
  const weighings = others.map((other) =>
    scales.weigh(other, stageRules(joinedStage(plan, own, stageAt(other, plan, nowMs)))),
  )
  const fitting = weighings.filter((one) => !isRefused(one))
  const byRulesBroken = (one: Weighing) => (one.outright === null ? one.refusing.length : Number.POSITIVE_INFINITY)
  const refused = weighings
    .filter(isRefused)
    .sort((one, other) =>
      byRulesBroken(one) < byRulesBroken(other) ? -1 : Number(byRulesBroken(one) > byRulesBroken(other)),
    )
    .slice(0, Math.max(MOST_MEASURED, listedTickets))
    .map((weighing) => ({ weighing, ...pairRefusals(weighing, ticket, scales, plan) }))
    .sort(nearestFirst)
  const consideredTickets = weighings.length
  const weighed = {
    waitingTickets,
    consideredTickets,
    cut: input.cut,
    fittingTickets: fitting.length,
    fittingPlayers: fitting.reduce((sum, { other }) => sum + other.facts.size, 0),
    refusedTickets: consideredTickets - fitting.length,
    reasons: reasonsOf(weighings, plan),
    tickets: [
      ...fitting.slice(0, listedTickets).map((weighing) => ticketOf(weighing, [], nowMs)),
      ...refused.map(({ weighing, refusals }) => ticketOf(weighing, refusals, nowMs)),
    ].slice(0, listedTickets),
  }
  return { weighed: { ...weighed, sentence: sentenceOf(weighed) }, nearestPair: nearestPairOf(refused[0]) }
}

/** Fewest refusals first, then the smallest miss; what is refused outright comes last. */
function nearestFirst(one: Refused, other: Refused): number {
  if (Number.isFinite(one.shortfall) !== Number.isFinite(other.shortfall))
    return one.shortfall < other.shortfall ? -1 : 1
  const fewer = one.refusals.length - other.refusals.length
  if (fewer !== 0 || one.shortfall === other.shortfall) return fewer
  return one.shortfall - other.shortfall
}

function nearestPairOf(nearest: (Refused & { weighing: Weighing }) | undefined): NearestMiss | null {
  if (nearest === undefined) return null
  const { ticketId } = nearest.weighing.other.ticket
  const { refusals } = nearest
  return {
    kind: 'pair',
    ticketIds: [ticketId],
    refusals,
    sentence: `Ticket ${ticketId} comes closest. ${said(refusals)}`,
  }
}

export function said(refusals: readonly Refusal[]): string {
  return refusals.map(({ sentence }) => sentence).join(' ')
}

function ticketOf({ other }: Weighing, refusals: Refusal[], nowMs: number): WeighedTicket {
  const { ticketId } = other.ticket
  const fits = refusals.length === 0
  return {
    ticketId,
    playerCount: other.facts.size,
    waitedSeconds: (nowMs - other.startMs) / 1000,
    fits,
    refusals,
    sentence: fits ? `Ticket ${ticketId} fits.` : `Ticket ${ticketId} does not fit. ${said(refusals)}`,
  }
}

const OUTRIGHT = {
  size: 'do not fit beside it for their number of players',
  'two-backfills': 'are backfill tickets, as this one is',
  'never-matches': 'can be in no match at all',
} as const

function reasonsOf(weighings: readonly Weighing[], { ruleSet, enforced }: Plan): WeighedReason[] {
  const byRules = weighings.filter(({ outright }) => outright === null)
  const rules = enforced.flatMap((index): WeighedReason[] => {
    const rule = ruleSet.rules[index]
    if (rule === undefined) return []
    const refusedCount = byRules.filter(({ refusing }) => refusing.includes(index)).length
    const passedCount = byRules.length - refusedCount
    const sentence = `Rule ${JSON.stringify(rule.name)} refused ${refusedCount} of ${counted(byRules.length, 'ticket')}.`
    return [{ reason: 'rule', ruleName: rule.name, ruleType: rule.type, passedCount, refusedCount, sentence }]
  })
  const others = (['size', 'two-backfills', 'never-matches'] as const).flatMap((reason): WeighedReason[] => {
    const refusedCount = weighings.filter(({ outright }) => outright === reason).length
    if (refusedCount === 0) return []
    const passedCount = weighings.length - refusedCount
    const sentence = `${refusedCount} of ${counted(weighings.length, 'ticket')} ${OUTRIGHT[reason]}.`
    return [{ reason, ruleName: null, ruleType: null, passedCount, refusedCount, sentence }]
  })
  return [...rules, ...others]
}

function sentenceOf(weighed: Omit<Weighed, 'sentence'>): string {
  const { waitingTickets, consideredTickets, cut, fittingTickets, reasons } = weighed
  if (waitingTickets === 0) return 'No other ticket waits in this configuration.'
  if (consideredTickets === 0) return `None of ${counted(waitingTickets, 'other ticket')} was weighed.`
  const which = cut
    ? `${consideredTickets} of ${waitingTickets} other tickets`
    : counted(waitingTickets, 'other ticket')
  const strict = reasons
    .filter(({ refusedCount }) => refusedCount > 0)
    .map(
      ({ ruleName, refusedCount, reason }) =>
        `${ruleName === null ? reason : JSON.stringify(ruleName)} ${refusedCount}`,
    )
  const by = strict.length === 0 ? '' : ` Refused by: ${listed(strict)}.`
  return `Weighed against ${which}: ${fittingTickets} fit.${by}`
}
