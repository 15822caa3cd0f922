/** What compound statements make of the rules they name. */
import type { Verdict } from './lint-verdict.ts'
import type { RuleSet, Statement } from './rule-set.ts'

export interface Standing {
  /** Names of the compounds that use the rule; a rule that any compound uses is not enforced on its own. */
  compounds: string[]
  /** The rule must hold in every match: on its own or through `and` alone. */
  enforced: boolean
  /** It stands under a `not` or an `xor`, where failing can be what lets a match pass. */
  inverted: boolean
}

/** The standing of every rule. */
export function standings({ rules }: RuleSet): Standing[] {
  const all = rules.map((): Standing => ({ compounds: [], enforced: true, inverted: false }))
  const required = new Set<number>()
  const visit = (statement: Statement, compound: string, through: 'and' | 'or' | 'inverted') => {
    if (statement.kind === 'rule') {
      const standing = all[statement.rule]
      if (standing === undefined) return
      if (standing.compounds.at(-1) !== compound) standing.compounds.push(compound)
      standing.enforced = false
      if (through === 'and') required.add(statement.rule)
      if (through === 'inverted') standing.inverted = true
    } else if (statement.kind === 'not') {
      visit(statement.operand, compound, 'inverted')
    } else {
      const below = statement.kind === 'xor' ? 'inverted' : through === 'and' ? statement.kind : through
      visit(statement.left, compound, below)
      visit(statement.right, compound, below)
    }
  }
  for (const rule of rules) if (rule.type === 'compound') visit(rule.statement, rule.name, 'and')
  for (const index of required) {
    const standing = all[index]
    if (standing) standing.enforced = true
  }
  return all
}

/** With more rules that can go either way every combination of them would be too many to try. */
const MAX_TRIED = 6

/** Whether a statement can come out both ways, given what its leaves can do. */
export function judgeStatement(
  statement: Statement,
  leafOutcome: (rule: number) => Verdict['outcome'],
): Verdict['outcome'] {
  const open = [...leavesOf(statement)].filter((rule) => leafOutcome(rule) === 'open')
  if (open.length > MAX_TRIED) return 'open'
  const seen = new Set<boolean>()
  for (let combination = 0; combination < 2 ** open.length; combination++) {
    const passing = new Set(open.filter((_, place) => (combination >> place) % 2 === 1))
    seen.add(holds(statement, (rule) => passing.has(rule) || leafOutcome(rule) === 'always'))
    if (seen.size === 2) return 'open'
  }
  return seen.has(true) ? 'always' : 'never'
}

/** The rules a statement names. */
export function leavesOf(statement: Statement, into = new Set<number>()): Set<number> {
  if (statement.kind === 'rule') into.add(statement.rule)
  else if (statement.kind === 'not') leavesOf(statement.operand, into)
  else leavesOf(statement.right, leavesOf(statement.left, into))
  return into
}

function holds(statement: Statement, leaf: (rule: number) => boolean): boolean {
  switch (statement.kind) {
    case 'rule':
      return leaf(statement.rule)
    case 'not':
      return !holds(statement.operand, leaf)
    case 'and':
      return holds(statement.left, leaf) && holds(statement.right, leaf)
    case 'or':
      return holds(statement.left, leaf) || holds(statement.right, leaf)
    case 'xor':
      return holds(statement.left, leaf) !== holds(statement.right, leaf)
  }
}
