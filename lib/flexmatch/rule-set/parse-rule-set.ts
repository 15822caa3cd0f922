import { describe, Fields } from './fields.ts'
import { type JsonNode, JsonSyntaxError, readJson } from './json-reader.ts'
import { readAlgorithm } from './read-algorithm.ts'
import { readAttributes } from './read-attributes.ts'
import { readExpansions } from './read-expansions.ts'
import { readRules } from './read-rules.ts'
import { MAX_SMALL_PLAYERS, readTeams } from './read-teams.ts'
import { Reasons } from './reasons.ts'
import type { RuleSet } from './rule-set.ts'

export const MAX_BODY_LENGTH = 65_535

/** Reads and checks a rule set body. Throws RuleSetError with every reason at once; a body that is not JSON has one. */
export function parseRuleSet(body: string): RuleSet {
  const reasons = new Reasons(body)
  const document = readDocument(body, reasons)
  if (document === null) {
    reasons.throwIfAny()
    throw new Error('a document without reasons must exist')
  }
  const name = readName(document)
  readLanguageVersion(document)
  const attributes = readAttributes(document)
  const { teams, names, totalPlayers } = readTeams(document)
  const size = totalPlayers > MAX_SMALL_PLAYERS ? 'large' : 'small'
  const algorithm = readAlgorithm(document, attributes, size)
  const scope = { teamCount: teams.length, teams: names, attributes }
  const entries = readRules(document, scope, size)
  const expansions = readExpansions(document, { scope, size, rules: entries })
  reasons.throwIfAny()
  const rules = entries.flatMap((entry) => (entry?.rule ? [entry.rule] : []))
  return { name, playerAttributes: [...attributes.values()], teams, algorithm, rules, expansions, size }
}

function readDocument(body: string, reasons: Reasons): Fields | null {
  const length = body.length > MAX_BODY_LENGTH ? [...body].length : body.length // surrogate pairs are one character
  if (length === 0 || length > MAX_BODY_LENGTH) {
    reasons.add('', `a rule set body has 1 to ${MAX_BODY_LENGTH} characters, this one has ${length}`, { at: 0 })
    return null
  }
  let node: JsonNode
  try {
    node = readJson(body)
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    reasons.addSyntaxError(error)
    return null
  }
  if (node.kind === 'object') return new Fields(node, '', reasons)
  reasons.add('', `a rule set must be a JSON object, this is ${describe(node)}`, node)
  return null
}

function readName(document: Fields): string | null {
  const node = document.get('name')
  if (node === undefined) return null
  return node.kind === 'string' ? node.value : document.refuse('name', `must be a string, is ${describe(node)}`)
}

function readLanguageVersion(document: Fields): void {
  const node = document.get('ruleLanguageVersion')
  if (node === undefined) document.refuse('ruleLanguageVersion', 'is missing; it must be "1.0"')
  else if (node.kind !== 'string' || node.value !== '1.0') {
    document.refuse('ruleLanguageVersion', `must be "1.0", is ${describe(node)}`)
  }
}
