/**
 *   POST /lab/lint-rule-set   {"ruleSetBody":"…","configuration":{"requestTimeoutSeconds":60},
 *                        "tickets":{"sentAttributes":["skill"],"largestParty":4,"latencySent":true}}; configuration and
 *                        tickets and what is in them are optional, and what is left out is not warned of. Answers
 *                        {"warnings":[{"path","code","message"}]} of a body that is legal
 *
 * Linting changes nothing and is not journaled; 400 InvalidRequestException carries every reason against an illegal body.
 */
import type { PlainRoute } from '#lib/engine/wire/server.ts'
import { lintRuleSet } from '#lib/flexmatch/rule-set/lint.ts'
import type { LintContext, Warning } from '#lib/flexmatch/rule-set/lint-warning.ts'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import { RuleSetError } from '#lib/flexmatch/rule-set/rule-set-error.ts'
import { invalid, members } from './body.ts'

export const lintRuleSetRoute: PlainRoute = {
  method: 'POST',
  path: '/lab/lint-rule-set',
  answer: async (body) => ({ status: 200, body: { warnings: lintWarnings(body) } }),
}

/** Throws a Refusal for a body of the wrong form, and for a rule set that is not legal. */
function lintWarnings(body: unknown): Warning[] {
  const { ruleSetBody, configuration, tickets } = members(body, 'The body', ['ruleSetBody', 'configuration', 'tickets'])
  if (typeof ruleSetBody !== 'string') throw invalid('ruleSetBody must be a string, the JSON text of a rule set.')
  const context: LintContext = { ...knownOfConfiguration(configuration), ...knownOfTickets(tickets) }
  try {
    return lintRuleSet(parseRuleSet(ruleSetBody), context)
  } catch (error) {
    if (error instanceof RuleSetError) throw invalid(`The rule set body is not valid. ${error.message}`)
    throw error
  }
}

function knownOfConfiguration(configuration: unknown): LintContext {
  if (configuration === undefined) return {}
  const { requestTimeoutSeconds } = members(configuration, 'configuration', ['requestTimeoutSeconds'])
  if (requestTimeoutSeconds === undefined) return {}
  return { requestTimeoutSeconds: count(requestTimeoutSeconds, 'configuration.requestTimeoutSeconds') }
}

function knownOfTickets(tickets: unknown): LintContext {
  if (tickets === undefined) return {}
  const given = members(tickets, 'tickets', ['sentAttributes', 'largestParty', 'latencySent'])
  const known: LintContext = {}
  if (given.sentAttributes !== undefined) known.sentAttributes = new Set(names(given.sentAttributes))
  if (given.largestParty !== undefined) known.largestParty = count(given.largestParty, 'tickets.largestParty')
  if (given.latencySent !== undefined) {
    if (typeof given.latencySent !== 'boolean') throw invalid('tickets.latencySent must be true or false.')
    known.latencySent = given.latencySent
  }
  return known
}

function names(value: unknown): string[] {
  const isList = Array.isArray(value) && value.every((name) => typeof name === 'string')
  if (!isList) throw invalid('tickets.sentAttributes must be a list of attribute names.')
  return value
}

function count(value: unknown, what: string): number {
  if (!Number.isSafeInteger(value) || Number(value) < 1) throw invalid(`${what} must be an integer of at least 1.`)
  return Number(value)
}
