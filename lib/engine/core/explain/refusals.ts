/** Refusals in numbers and words. */
import type { Plan } from '#lib/engine/core/matching/plan.ts'
import type { Refusal } from './explanation.ts'
import { measureRule } from './measure-rule.ts'
import { measurement } from './measure-values.ts'
import type { PairScales, Weighing } from './pair-weighing.ts'
import { placed } from './possible-match.ts'
import { counted } from './shown.ts'
import type { NearSet } from './stage-search.ts'
import type { Subject } from './subject.ts'

export interface Refused {
  refusals: Refusal[]
  /** How far the refusing rules are from letting it pass, in relation to their limits. */
  shortfall: number
}

/** What speaks against a pair. */
export function pairRefusals(weighing: Weighing, ticket: Subject, scales: PairScales, plan: Plan): Refused {
  const { other, outright, refusing, stage } = weighing
  if (outright !== null) {
    return { refusals: [outrightRefusal(outright, ticket, weighing)], shortfall: Number.POSITIVE_INFINITY }
  }
  const of = { plan, stage, set: scales.setOf(weighing), members: [ticket, other] }
  return ruleRefusals(refusing, of)
}

/** What speaks against a set whose teams are filled. */
export function setRefusals(near: NearSet, plan: Plan): Refusal[] {
  return ruleRefusals(near.failing, { plan, stage: near.stage, set: placed(near, plan), members: near.members })
    .refusals
}

function ruleRefusals(rules: readonly number[], of: Parameters<typeof measureRule>[1]): Refused {
  let shortfall = 0
  const refusals = rules.map((index): Refusal => {
    const { name, type } = of.stage.rules[index] ?? { name: '', type: 'comparison' }
    const found = measureRule(index, of)
    shortfall += found.shortfall
    return {
      reason: 'rule',
      ruleName: name,
      ruleType: type,
      measured: found.measured,
      sentence: `Rule ${JSON.stringify(name)} refuses: ${found.text}.`,
    }
  })
  return { refusals, shortfall }
}

function outrightRefusal(
  reason: NonNullable<Weighing['outright']>,
  ticket: Subject,
  { other, stage }: Weighing,
): Refusal {
  const plain = { reason, ruleName: null, ruleType: null, measured: null }
  switch (reason) {
    case 'size': {
      const players = ticket.facts.size + other.facts.size
      const sentence = `There is no room for ${counted(players, 'player')}: ${ticket.facts.size} and ${other.facts.size} do not fit on the teams of a match of at most ${stage.cap}.`
      return { ...plain, measured: measurement('players of both tickets', players, 'at most', stage.cap), sentence }
    }
    case 'two-backfills':
      return { ...plain, sentence: 'Both are backfill tickets, and a match takes one at most.' }
    case 'never-matches':
      return {
        ...plain,
        sentence: `Ticket ${other.ticket.ticketId} can be in no match: ${other.facts.unmatchable}.`,
      }
  }
}
