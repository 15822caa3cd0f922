/** Why a ticket can be in no match, whoever else comes. Empty when nothing speaks against it for good. */
import type { PoolPlayer } from '#lib/engine/core/contract.ts'
import { CandidateSet } from '#lib/engine/core/matching/candidate-set.ts'
import type { Plan } from '#lib/engine/core/matching/plan.ts'
import { RuleCounts } from '#lib/engine/core/matching/rule-counts.ts'
import { stageOf } from '#lib/engine/core/matching/stages.ts'
import { lintRuleSet } from '#lib/flexmatch/rule-set/lint.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { NeverReason } from './explanation.ts'
import { measureRule } from './measure-rule.ts'
import { measurement } from './measure-values.ts'
import { counted } from './shown.ts'
import type { StageRules } from './stage-rules.ts'
import { type Subject, stageAt } from './subject.ts'

export interface NeverInput {
  plan: Plan
  ticket: Subject
  nowMs: number
  requestTimeoutSeconds: number
  stageRules: (stage: number) => StageRules
}

export function neverReasons(input: NeverInput): NeverReason[] {
  const { ticket, nowMs, plan } = input
  if (ticket.deadlineMs <= nowMs) {
    return [reason('timed-out', `Its request timed out: it has waited ${input.requestTimeoutSeconds} s.`)]
  }
  const unreadable = unreadableReasons(ticket, plan)
  if (unreadable.length > 0) return unreadable
  const ofRuleSet = [...ruleSetReasons(input), ...sizeReasons(input)]
  return ofRuleSet.length > 0 ? ofRuleSet : aloneReasons(input)
}

const reason = (kind: NeverReason['reason'], sentence: string): NeverReason => ({
  reason: kind,
  ruleName: null,
  measured: null,
  sentence,
})

const MEMBERS = { string: 'S', number: 'N', string_list: 'SL', string_number_map: 'SDM' } as const

/** What keeps the ticket from being weighed at all. */
function unreadableReasons({ ticket, facts }: Subject, { ruleSet, latencyColumns }: Plan): NeverReason[] {
  if (facts.unmatchable === null) return []
  const missing = ruleSet.playerAttributes.flatMap(({ name, type, default: standIn }) => {
    if (standIn !== undefined) return []
    const lacks = ({ attributes }: PoolPlayer) =>
      !Object.hasOwn(attributes, name) || attributes[name]?.[MEMBERS[type]] === undefined
    const players = ticket.players.filter(lacks)
    const who = players.map(({ playerId }) => playerId).join(', ')
    if (players.length === 0) return []
    const text = `${who} sent no ${type} value for attribute ${JSON.stringify(name)}, which the rule set declares without a default.`
    return [reason('missing-attribute', text)]
  })
  if (missing.length > 0) return missing
  const teams = new Set(ruleSet.teams.map(({ name }) => name))
  const stray = ticket.backfill && ticket.players.find(({ team }) => !teams.has(team ?? ''))
  if (stray) {
    return [reason('unknown-team', `${stray.playerId} plays on team ${stray.team}, which the rule set does not have.`)]
  }
  return latencyColumns.flatMap(({ enforced, ruleName }, index) =>
    enforced && facts.latencies[index] === null
      ? [
          {
            ...reason(
              'no-latency',
              `Rule ${JSON.stringify(ruleName)} needs a region for which every player of the ticket reported latency, and there is none.`,
            ),
            ruleName,
          },
        ]
      : [],
  )
}

const lints = new WeakMap<RuleSet, Map<number, NeverReason[]>>()

/** What the linter knows to let no match pass at all. */
function ruleSetReasons({ plan, requestTimeoutSeconds }: NeverInput): NeverReason[] {
  const { ruleSet, enforced } = plan
  const known = lints.get(ruleSet) ?? new Map<number, NeverReason[]>()
  lints.set(ruleSet, known)
  const before = known.get(requestTimeoutSeconds)
  if (before !== undefined) return before
  const found = lintRuleSet(ruleSet, { requestTimeoutSeconds }).flatMap(({ code, path, message }) => {
    const rule = Number(/^rules\[(\d+)\]/.exec(path)?.[1])
    if (code !== 'rule-never-passes' || !enforced.includes(rule)) return []
    return [{ ...reason('rule-set', message), ruleName: ruleSet.rules[rule]?.name ?? null }]
  })
  known.set(requestTimeoutSeconds, found)
  return found
}

/** Team sizes that contradict each other at every stage. */
function sizeReasons(input: NeverInput): NeverReason[] {
  const { ruleSet } = input.plan
  const contradictions = stagesToCome(input).map(({ teams, cap }) => {
    const team = teams.findIndex(({ min, max }) => min > max)
    const { min, max } = teams[team] ?? { min: 0, max: 0 }
    const least = teams.reduce((sum, one) => sum + one.min, 0)
    if (team >= 0) return `Team ${ruleSet.teams[team]?.name} needs at least ${min} players and takes at most ${max}.`
    return least > cap ? `The teams need at least ${least} players, and a match takes at most ${cap}.` : null
  })
  const [first] = contradictions
  return first && !contradictions.includes(null) ? [reason('rule-set', first)] : []
}

/** Every stage that a match with the ticket can have before it times out. */
function stagesToCome({ plan, ticket, nowMs, requestTimeoutSeconds, stageRules }: NeverInput): StageRules[] {
  const { stageAgesMs, ruleSet } = plan
  const last = stageOf(requestTimeoutSeconds * 1000 - 1, stageAgesMs)
  // By newest, somebody who only just came can bring the match back to the first stage.
  const first = ruleSet.algorithm.expansionAgeSelection === 'newest' ? 0 : stageAt(ticket, plan, nowMs)
  const stages: StageRules[] = []
  for (let index = Math.min(first, last); index <= last; index++) stages.push(stageRules(index))
  return stages
}

interface Alone {
  stage: StageRules
  /** Fewest rules that refuse it on any team; null when no team has room. */
  refusing: readonly number[] | null
  set: CandidateSet
}

/** What speaks against the ticket by itself, at every stage that a match with it can have before it times out. */
function aloneReasons(input: NeverInput): NeverReason[] {
  const { plan, ticket } = input
  const toCome = stagesToCome(input)
  const stages = toCome.map((stage) => alone(ticket, plan, stage))
  if (stages.some(({ refusing }) => refusing?.length === 0)) return []
  const nearest = stages.reduce((best, one) =>
    (one.refusing?.length ?? Number.POSITIVE_INFINITY) < (best.refusing?.length ?? Number.POSITIVE_INFINITY)
      ? one
      : best,
  )
  return [...reasonsOf(nearest, ticket, plan), ...lateReasons(input, toCome.at(-1)?.index ?? 0)]
}

function alone(ticket: Subject, plan: Plan, stage: StageRules): Alone {
  const set = new CandidateSet(plan.teamCount, new RuleCounts(plan.ruleSet.rules.length))
  const teams = ticket.facts.isBackfill ? [0] : stage.teams.map((_, team) => team)
  let best: { refusing: readonly number[]; team: number } | null = null
  for (const team of teams) {
    if (!stage.hasRoomFor(set, ticket.facts, team)) continue
    set.add(ticket.facts, team)
    const refusing = stage.refusing(set)
    const othersFit = set.total + stage.shortage(set) <= stage.cap
    set.removeLast()
    if (!othersFit) continue
    if (best === null || refusing.length < best.refusing.length) best = { refusing, team }
  }
  set.add(ticket.facts, best?.team ?? 0)
  return { stage, refusing: best?.refusing ?? null, set }
}

function reasonsOf({ stage, refusing, set }: Alone, ticket: Subject, plan: Plan): NeverReason[] {
  if (refusing === null) return [tooLarge(stage, ticket)]
  return refusing.map((rule) => {
    const { measured, text } = measureRule(rule, { plan, stage, set, members: [ticket] })
    const ruleName = plan.ruleSet.rules[rule]?.name ?? null
    return {
      reason: 'rule',
      ruleName,
      measured,
      sentence: `Rule ${JSON.stringify(ruleName)} refuses the ticket by itself: ${text}.`,
    }
  })
}

function tooLarge({ teams, cap }: StageRules, { facts }: Subject): NeverReason {
  const most = Math.min(cap, Math.max(...teams.map(({ max }) => max)))
  const players = counted(facts.size, 'player')
  if (facts.isBackfill) {
    return reason('too-large', `Its ${players} already fill the match, or a team has more than the rule set allows it.`)
  }
  return {
    ...reason('too-large', `Its ${players} have to play on one team, and no team takes more than ${most}.`),
    measured: measurement('players of the ticket', facts.size, 'at most', most),
  }
}

/** The first step that would let the ticket be matched, if its request lived long enough. */
function lateReasons({ plan, ticket, stageRules, requestTimeoutSeconds }: NeverInput, last: number): NeverReason[] {
  for (let index = last + 1; index <= plan.stageAgesMs.length; index++) {
    if (alone(ticket, plan, stageRules(index)).refusing?.length !== 0) continue
    const stepSeconds = (plan.stageAgesMs[index - 1] ?? 0) / 1000
    const text = `An expansion step at ${stepSeconds} s would help, but the request times out at ${requestTimeoutSeconds} s.`
    return [
      {
        ...reason('times-out-first', text),
        measured: measurement('wait time of the step', stepSeconds, 'below', requestTimeoutSeconds),
      },
    ]
  }
  return []
}
