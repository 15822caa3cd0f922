/**
 *   POST /lab/lint-rule-set   {"ruleSetBody":"…","configuration":{"requestTimeoutSeconds":60}}, the configuration
 *                        optional; answers {"warnings":[{"path","code","message"}]} of a body that is legal
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
  const { ruleSetBody, configuration } = members(body, 'The body', ['ruleSetBody', 'configuration'])
  if (typeof ruleSetBody !== 'string') throw invalid('ruleSetBody must be a string, the JSON text of a rule set.')
  const context: LintContext = {}
  if (configuration !== undefined) {
    const { requestTimeoutSeconds } = members(configuration, 'configuration', ['requestTimeoutSeconds'])
    if (requestTimeoutSeconds !== undefined) {
      if (!Number.isSafeInteger(requestTimeoutSeconds) || Number(requestTimeoutSeconds) < 1) {
        throw invalid('configuration.requestTimeoutSeconds must be an integer of at least 1.')
      }
      context.requestTimeoutSeconds = Number(requestTimeoutSeconds)
    }
  }
  try {
    return lintRuleSet(parseRuleSet(ruleSetBody), context)
  } catch (error) {
    if (error instanceof RuleSetError) throw invalid(`The rule set body is not valid. ${error.message}`)
    throw error
  }
}
