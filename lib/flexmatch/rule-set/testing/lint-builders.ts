/** Parts of rule sets that warnings are about, and what the linter says of them. */
import { lintRuleSet } from '../lint.ts'
import type { LintContext } from '../lint-warning.ts'
import { parseRuleSet } from '../parse-rule-set.ts'
import { aRuleSet } from './rule-set-builders.ts'

export type Parts = Record<string, unknown>

export const N = [{ name: 'n', type: 'number', default: 1 }]
export const S = [{ name: 's', type: 'string', default: 'x' }]
export const L = [{ name: 'l', type: 'string_list', default: ['x'] }]
export const FLAT_N = 'flatten(teams[*].players.attributes[n])'
export const FLAT_L = 'flatten(teams[*].players.attributes[l])'
export const COUNT_A = 'count(teams[a].players)'
export const COUNT_B = 'count(teams[b].players)'

export const rules = (...all: Parts[]): Parts => ({ rules: all.map((rule, index) => ({ name: `r${index}`, ...rule })) })
export const comparison = (measurement: string, operation: string, referenceValue?: unknown): Parts =>
  rules({ type: 'comparison', measurements: [measurement], operation, referenceValue })
export const spread = (distances: Parts): Parts => ({
  playerAttributes: N,
  ...rules({ type: 'distance', measurements: [`max(${FLAT_N})`], referenceValue: `min(${FLAT_N})`, ...distances }),
})
export const collection = (rule: Parts): Parts => ({
  playerAttributes: L,
  ...rules({ type: 'collection', measurements: [FLAT_L], ...rule }),
})
export const latency = (values: Parts): Parts => rules({ type: 'latency', ...values })
export const batch = (maxDistance: number): Parts => ({
  playerAttributes: N,
  ...rules({ type: 'batchDistance', batchAttribute: 'n', maxDistance }),
})
export const one = (name: string, minPlayers: number, maxPlayers: number, quantity = 1) => ({
  name,
  minPlayers,
  maxPlayers,
  quantity,
})
export const steps = (target: string, ...values: [waitTimeSeconds: number, value: unknown][]): Parts => ({
  target,
  steps: values.map(([waitTimeSeconds, value]) => ({ waitTimeSeconds, value })),
})
export const expanded = (parts: Parts, ...expansions: Parts[]): Parts => ({ ...parts, expansions })
export const twoLeaves = (statement: string): Parts => ({
  playerAttributes: N,
  ...rules(
    { type: 'comparison', measurements: [FLAT_N], operation: '=' },
    { type: 'comparison', measurements: [FLAT_N], operation: '<', referenceValue: 9 },
    { type: 'compound', statement },
  ),
})

/** Rules about the numbers of all players: at least, at most, or near. */
export const limits = (
  ...all: { low?: number; high?: number; around?: number; within?: number; partyAggregation?: string }[]
) =>
  rules(
    ...all.map(({ low, high, around, within, ...more }) =>
      around === undefined
        ? {
            type: 'comparison',
            measurements: [FLAT_N],
            operation: low === undefined ? '<=' : '>=',
            referenceValue: low ?? high,
            ...more,
          }
        : { type: 'distance', measurements: [FLAT_N], referenceValue: around, maxDistance: within, ...more },
    ),
  )
export const texts = (...wanted: string[]) =>
  rules(
    ...wanted.map((referenceValue) => ({
      type: 'comparison',
      measurements: ['flatten(teams[*].players.attributes[s])'],
      operation: '=',
      referenceValue,
    })),
  )
export const onTeamA = rules(
  { type: 'comparison', measurements: ['teams[a].players.attributes[n]'], operation: '>', referenceValue: 8 },
  { type: 'comparison', measurements: ['teams[a].players.attributes[n]'], operation: '<', referenceValue: 8 },
)

export const lint = (parts: Parts, context?: LintContext) => lintRuleSet(parseRuleSet(aRuleSet(parts)), context)
export const found = (parts: Parts, context?: LintContext) =>
  lint(parts, context).map(({ code, path }) => `${code} ${path}`)
