import type { Statement } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { CandidateSet } from './candidate-set.ts'
import type { CompiledRule } from './compiled-rule.ts'

/** `leaf` gives a rule of the same rule set by its index. */
export function compileCompound(statement: Statement, leaf: (rule: number) => CompiledRule): CompiledRule {
  switch (statement.kind) {
    case 'rule':
      return leaf(statement.rule)
    case 'not': {
      const operand = compileCompound(statement.operand, leaf)
      return { holds: (set) => !operand.holds(set), canHold: null }
    }
    case 'xor': {
      const left = compileCompound(statement.left, leaf)
      const right = compileCompound(statement.right, leaf)
      return { holds: (set) => left.holds(set) !== right.holds(set), canHold: null }
    }
    case 'and': {
      const left = compileCompound(statement.left, leaf)
      const right = compileCompound(statement.right, leaf)
      const canHold = (set: CandidateSet) =>
        (left.canHold === null || left.canHold(set)) && (right.canHold === null || right.canHold(set))
      return {
        holds: (set) => left.holds(set) && right.holds(set),
        canHold: left.canHold === null && right.canHold === null ? null : canHold,
      }
    }
    case 'or': {
      const left = compileCompound(statement.left, leaf)
      const right = compileCompound(statement.right, leaf)
      const leftCan = left.canHold
      const rightCan = right.canHold
      return {
        holds: (set) => left.holds(set) || right.holds(set),
        // A branch that can always recover keeps the whole alive.
        canHold: leftCan === null || rightCan === null ? null : (set) => leftCan(set) || rightCan(set),
      }
    }
  }
}
