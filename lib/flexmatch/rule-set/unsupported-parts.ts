import type { Rule, RuleSet } from './rule-set.ts'

/** Rule types the engine runs. */
const RUNS: readonly Rule['type'][] = ['comparison', 'distance', 'batchDistance', 'collection', 'latency', 'compound']

/** What the engine cannot run of a legal rule set, one sentence each. */
export function unsupportedParts({ size, algorithm, rules }: Omit<RuleSet, 'unsupported'>): string[] {
  const parts: string[] = []
  if (size === 'large') parts.push('teams: this engine does not run large matches (more than 40 players) yet')
  if (algorithm.strategy === 'balanced') {
    parts.push('algorithm.strategy: this engine does not run the strategy "balanced" yet')
  }
  for (const [index, { type }] of rules.entries()) {
    if (!RUNS.includes(type)) parts.push(`rules[${index}]: this engine does not run ${type} rules yet`)
  }
  return parts
}
