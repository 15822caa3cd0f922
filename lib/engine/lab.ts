/**
 * What only a local engine can do: force outcomes and change the emulated fleet while it runs. Not part of GameLift, so it
 * has its own paths on the engine's port, plain JSON, behind the same guards as the operations.
 *
 *   GET   /lab/options   the options in force (EngineOptions)
 *   PATCH /lab/options   any part of them, for example {"placement":{"outcome":"fail"}}; answers the options now in force
 *   POST  /lab/lint-rule-set   {"ruleSetBody":"…","configuration":{"requestTimeoutSeconds":60}}, the configuration
 *                        optional; answers {"warnings":[{"path","code","message"}]} of a body that is legal
 *
 * A change is a journaled command: a replay sees it at the same moment. 400 InvalidRequestException names a wrong option.
 * Linting changes nothing and is not journaled; 400 InvalidRequestException carries every reason against an illegal body.
 */
import { Refusal } from '#lib/engine/core/contract.ts'
import { mergeOptions } from '#lib/engine/core/options.ts'
import { lintRuleSet } from '#lib/flexmatch/rule-set/lint.ts'
import type { LintContext, Warning } from '#lib/flexmatch/rule-set/lint-warning.ts'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import { RuleSetError } from '#lib/flexmatch/rule-set/rule-set-error.ts'
import type { Shell } from './shell.ts'
import type { PlainRoute } from './wire/server.ts'

export function labRoutes(shell: Shell): PlainRoute[] {
  const path = '/lab/options'
  return [
    { method: 'GET', path, answer: async () => ({ status: 200, body: shell.options }) },
    {
      method: 'PATCH',
      path,
      async answer(body) {
        mergeOptions(shell.options, body as object) // a wrong option is refused before it reaches the journal
        await shell.setOptions(body as object)
        return { status: 200, body: shell.options }
      },
    },
    {
      method: 'POST',
      path: '/lab/lint-rule-set',
      answer: async (body) => ({ status: 200, body: { warnings: lintWarnings(body) } }),
    },
  ]
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

function members(value: unknown, what: string, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${what} must be an object.`)
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown !== undefined) throw invalid(`${what} has no ${JSON.stringify(unknown)}; it takes ${known.join(', ')}.`)
  return value as Record<string, unknown>
}

const invalid = (message: string) => new Refusal('InvalidRequestException', message)
