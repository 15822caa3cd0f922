import type { RuleEvaluationMetric } from '#lib/flexmatch/events.ts'
import type { Rule } from '#lib/flexmatch/rule-set/rule-set.ts'

/** How often each rule passed and failed while one anchor looked for a match. */
export class RuleCounts {
  readonly passed: Uint32Array
  readonly failed: Uint32Array
  constructor(ruleCount: number) {
    this.passed = new Uint32Array(ruleCount)
    this.failed = new Uint32Array(ruleCount)
  }

  clear(): void {
    for (let rule = 0; rule < this.passed.length; rule++) {
      this.passed[rule] = 0
      this.failed[rule] = 0
    }
  }

  /** Counts one evaluation and hands its outcome on. */
  count(rule: number, holds: boolean): boolean {
    const counter = holds ? this.passed : this.failed
    counter[rule] = (counter[rule] ?? 0) + 1
    return holds
  }

  metrics(rules: readonly Rule[]): RuleEvaluationMetric[] {
    return rules.map(({ name }, index) => ({
      ruleName: name,
      passedCount: this.passed[index] ?? 0,
      failedCount: this.failed[index] ?? 0,
    }))
  }
}
