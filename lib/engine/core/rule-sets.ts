/** Matchmaking rule sets: create, describe, delete, validate. They never change. */

import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import { RuleSetError } from '#lib/flexmatch/rule-set/rule-set-error.ts'
import { findByNameOrArn, resourceArn } from './arns.ts'
import { Refusal } from './contract.ts'
import { pageOf } from './pages.ts'
import type { RuleSetState, State } from './state.ts'
import { checkNewTags, setNewTags, type TagInput } from './tags.ts'
import type { Turn } from './turn.ts'

const MOST_PER_PAGE = 10

export function createRuleSet(turn: Turn, input: { Name: string; RuleSetBody: string; Tags?: TagInput[] }) {
  const { state } = turn
  const { Name: name, RuleSetBody: body } = input
  if (!name) throw new Refusal('InvalidRequestException', 'Name must not be empty.')
  if (state.ruleSets.has(name)) {
    throw new Refusal('InvalidRequestException', `Matchmaking rule set ${name} already exists.`)
  }
  const parsed = parse(body)
  if (state.ruleSets.size >= state.options.limits.ruleSets) {
    throw new Refusal('LimitExceededException', `There can be at most ${state.options.limits.ruleSets} rule sets.`)
  }
  checkNewTags(state, input.Tags)
  const arn = resourceArn(state.options, 'matchmakingruleset', name)
  const ruleSet: RuleSetState = { name, arn, body, createdMs: turn.nowMs }
  state.ruleSets.set(name, ruleSet)
  state.parsedRuleSets.set(name, parsed)
  setNewTags(state, arn, input.Tags)
  return { RuleSet: ruleSetView(ruleSet) }
}

/** Throws InvalidRequestException with every reason. */
function parse(body: string): RuleSet {
  try {
    return parseRuleSet(body)
  } catch (error) {
    if (error instanceof RuleSetError) {
      throw new Refusal('InvalidRequestException', `The rule set body is not valid. ${error.message}`)
    }
    throw error
  }
}

export function validateRuleSet({ RuleSetBody }: { RuleSetBody: string }) {
  parse(RuleSetBody)
  return { Valid: true }
}

export function deleteRuleSet({ state }: Turn, { Name }: { Name: string }) {
  const ruleSet = findRuleSet(state, Name)
  for (const { name, settings } of state.configurations.values()) {
    if (settings.ruleSetName === ruleSet.name) {
      throw new Refusal(
        'InvalidRequestException',
        `Rule set ${ruleSet.name} is in use by matchmaking configuration ${name}.`,
      )
    }
  }
  state.ruleSets.delete(ruleSet.name)
  state.parsedRuleSets.delete(ruleSet.name)
  state.tags.delete(ruleSet.arn)
  return {}
}

/** Throws NotFoundException. */
export function findRuleSet(state: State, nameOrArn: string): RuleSetState {
  const found = findByNameOrArn(state.ruleSets, nameOrArn)
  if (!found) throw new Refusal('NotFoundException', `Matchmaking rule set ${nameOrArn} does not exist.`)
  return found
}

/** An unknown name is an error here, unlike for configurations. */
export function describeRuleSets(state: State, input: { Names?: string[]; Limit?: number; NextToken?: string }) {
  const all = input.Names
    ? [...new Set(input.Names.map((name) => findRuleSet(state, name)))]
    : [...state.ruleSets.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  const { items, nextToken } = pageOf(all, (ruleSet, index) => (input.Names ? index : ruleSet.name), {
    operation: 'DescribeMatchmakingRuleSets',
    limit: Math.min(input.Limit ?? MOST_PER_PAGE, MOST_PER_PAGE),
    nextToken: input.NextToken,
  })
  return { RuleSets: items.map(ruleSetView), ...(nextToken && { NextToken: nextToken }) }
}

function ruleSetView(ruleSet: RuleSetState): Record<string, unknown> {
  return {
    RuleSetName: ruleSet.name,
    RuleSetArn: ruleSet.arn,
    RuleSetBody: ruleSet.body,
    CreationTime: new Date(ruleSet.createdMs),
  }
}
