import type { RuleSet } from './rule-set.ts'

/** What the engine cannot run of a legal rule set, one sentence each. */
export function unsupportedParts({ size }: Pick<RuleSet, 'size'>): string[] {
  if (size === 'small') return []
  return ['teams: this engine does not run large matches (more than 40 players) yet']
}
