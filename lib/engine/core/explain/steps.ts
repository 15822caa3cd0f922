/** What each expansion step does for the ticket, and which steps make a match that was found. */
import type { Plan } from '#lib/engine/core/matching/plan.ts'
import { stageOf } from '#lib/engine/core/matching/stages.ts'
import type { Expansion, Reference, RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { ExplainedStep, StepReference } from './explanation.ts'
import { leavesOf } from './measure-rule.ts'
import type { PairScales } from './pair-weighing.ts'
import { placed } from './possible-match.ts'
import { counted, referenceText, seconds, shown } from './shown.ts'
import type { StageRules } from './stage-rules.ts'
import type { PlacedSet, Work } from './stage-search.ts'
import type { Subject } from './subject.ts'

export interface StepsInput {
  plan: Plan
  ticket: Subject
  others: readonly Subject[]
  nowMs: number
  requestTimeoutSeconds: number
  scales: PairScales
  stageRules: (stage: number) => StageRules
  work: Work
  /** Paths of the steps that make the match of the verdict. */
  makers: ReadonlySet<string>
}

export function explainedSteps(input: StepsInput): ExplainedStep[] {
  const { plan, ticket, nowMs, makers, requestTimeoutSeconds } = input
  const fitting = new Map<number, number | null>()
  return allSteps(plan.ruleSet)
    .map(({ reference }): ExplainedStep => {
      const { waitTimeSeconds, path } = reference
      const dueAtMs = ticket.startMs + waitTimeSeconds * 1000
      const stage = stageOf(waitTimeSeconds * 1000, plan.stageAgesMs)
      if (!fitting.has(stage)) {
        fitting.set(stage, fittingAt(stage, input))
      }
      const step = {
        ...reference,
        due: dueAtMs <= nowMs,
        dueAtMs,
        afterTimeout: waitTimeSeconds >= requestTimeoutSeconds,
        fittingTickets: fitting.get(stage) ?? null,
        makesMatch: makers.has(path),
      }
      return { ...step, sentence: sentenceOf(step, nowMs) }
    })
    .sort((one, other) => one.waitTimeSeconds - other.waitTimeSeconds)
}

/** null when the work runs out. */
function fittingAt(stage: number, { others, scales, stageRules, work }: StepsInput): number | null {
  let count = 0
  for (const other of others) {
    if (work.left <= 0) return null
    if (scales.fits(other, stageRules(stage))) count++
  }
  return count
}

function sentenceOf(step: Omit<ExplainedStep, 'sentence'>, nowMs: number): string {
  const { waitTimeSeconds, due, dueAtMs, afterTimeout, fittingTickets, makesMatch } = step
  const when = due
    ? 'due already'
    : afterTimeout
      ? 'falls due only after the request times out'
      : `falls due in ${seconds(dueAtMs - nowMs)}`
  const fit =
    fittingTickets === null ? '' : ` In a match that old ${counted(fittingTickets, 'weighed ticket')} would fit.`
  return `At ${waitTimeSeconds} s, ${stepText(step)}: ${when}.${fit}${makesMatch ? ' It makes the match.' : ''}`
}

/** `rules[FairSkill].maxDistance 10 → 50`. */
export function stepText({ target, before, value }: StepReference): string {
  const plain = (one: number | string) => (typeof one === 'number' ? shown(one) : one)
  return `${target} ${before === null ? '' : `${plain(before)} → `}${plain(value)}`
}

/**
 * The steps without which the set would be no match: those that fall due with its stage, and whose rule or team it
 * breaks one stage before.
 */
export function makersOf(found: PlacedSet, plan: Plan, before: StageRules): StepReference[] {
  const { index } = found.stage
  const set = placed(found, plan)
  const broken = new Set(
    before.failing(set).flatMap((failing) => {
      const rule = before.rules[failing]
      return rule?.type === 'compound' ? [failing, ...leavesOf(rule.statement)] : [failing]
    }),
  )
  const isBroken = (expansion: Expansion) => {
    if (expansion.kind !== 'team') return broken.has(expansion.rule)
    return expansion.teams.some((team) => {
      const { min, max } = before.teams[team] ?? { min: 0, max: 0 }
      const size = set.sizes[team] ?? 0
      return size < min || size > max || set.total > before.cap
    })
  }
  return allSteps(plan.ruleSet).flatMap(({ expansion, reference }) =>
    stageOf(reference.waitTimeSeconds * 1000, plan.stageAgesMs) === index && isBroken(expansion) ? [reference] : [],
  )
}

function allSteps(ruleSet: RuleSet): { expansion: Expansion; reference: StepReference }[] {
  return ruleSet.expansions.flatMap((expansion, number) => {
    let before = writtenValue(expansion, ruleSet)
    return expansion.steps.map(({ waitTimeSeconds, value }, step) => {
      const after = valueText(value, ruleSet)
      const path = `expansions[${number}].steps[${step}]`
      const reference = { path, target: targetOf(expansion, ruleSet), waitTimeSeconds, value: after, before }
      before = after
      return { expansion, reference }
    })
  })
}

function valueText(value: number | Reference, ruleSet: RuleSet): number | string {
  return typeof value === 'number' ? value : referenceText(value, ruleSet)
}

/** null where the body leaves the property out. */
function writtenValue(expansion: Expansion, ruleSet: RuleSet): number | string | null {
  const { property } = expansion
  const owner = expansion.kind === 'team' ? ruleSet.teams[expansion.teams[0] ?? 0] : ruleSet.rules[expansion.rule]
  const value = (owner as unknown as Record<string, number | Reference | null | undefined> | undefined)?.[property]
  return value === null || value === undefined ? null : valueText(value, ruleSet)
}

function targetOf(expansion: Expansion, { teams, rules }: RuleSet): string {
  if (expansion.kind !== 'team') return `rules[${rules[expansion.rule]?.name}].${expansion.property}`
  const all = expansion.teams.length === teams.length && teams.length > 1
  const names = [...new Set(expansion.teams.map((team) => teams[team]?.baseName))]
  return `teams[${all ? '*' : names.join(',')}].${expansion.property}`
}
