import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lintRuleSet } from './lint.ts'
import { parseRuleSet } from './parse-rule-set.ts'
import {
  COUNT_A,
  COUNT_B,
  comparison,
  expanded,
  FLAT_N,
  found,
  limits,
  lint,
  N,
  one,
  type Parts,
  rules,
  spread,
  steps,
  twoLeaves,
} from './testing/lint-builders.ts'

describe('how warnings work together', () => {
  it('says nothing of what the context leaves out', () => {
    const parts = expanded(
      {
        playerAttributes: [{ name: 'n', type: 'number' }],
        ...rules({ type: 'latency', maxLatency: 50 }, { type: 'batchDistance', batchAttribute: 'n', maxDistance: 2 }),
      },
      steps('rules[r0].maxLatency', [5000, 60]),
    )
    expect(found(parts)).toEqual([])
  })

  it('counts a step after the timeout as absent for every other warning', () => {
    const late = expanded(spread({ minDistance: 11, maxDistance: 10 }), steps('rules[r0].maxDistance', [60, 11]))
    expect(found(late, { requestTimeoutSeconds: 60 })).toEqual([
      'rule-never-passes rules[0].minDistance',
      'expansion-after-timeout expansions[0].steps[0].waitTimeSeconds',
    ])
    const room = expanded({}, steps('teams[a].maxPlayers', [60, 6]))
    expect(found(room, { requestTimeoutSeconds: 61, largestParty: 6 })).toEqual([])
    expect(found(room, { requestTimeoutSeconds: 60, largestParty: 6 })).toContain('party-too-large teams')
  })

  it('looks at team sizes of every age, also those in between', () => {
    const between = steps('teams[a].minPlayers', [5, 2], [9, 3])
    const teams = [one('a', 3, 5), one('b', 3, 5)]
    expect(found(expanded({ teams, ...comparison(COUNT_A, '>=', 3) }, between))).toEqual([
      'expansion-tightens expansions[0].steps[1].value',
    ])
  })

  it('calls no step of a rule under a not narrower, for there it loosens', () => {
    const under = (statement: string) =>
      found(
        expanded(
          {
            playerAttributes: N,
            ...rules(
              { type: 'distance', measurements: [`max(${FLAT_N})`], referenceValue: `min(${FLAT_N})`, maxDistance: 9 },
              { type: 'compound', statement },
            ),
          },
          steps('rules[r0].maxDistance', [5, 8]),
        ),
      )
    expect(under('not(r0)')).toEqual(['rule-not-enforced-alone rules[1].statement'])
    expect(under('and(r0, r0)')).toEqual(['expansion-tightens expansions[0].steps[0].value'])
  })

  it('calls no step the end of all matches when another rule can stand in', () => {
    const stands = (statement: string) =>
      found(
        expanded(
          rules(
            { type: 'comparison', measurements: [COUNT_A], operation: '>', referenceValue: 4 },
            { type: 'comparison', measurements: [COUNT_B], operation: '>', referenceValue: 3 },
            { type: 'compound', statement },
          ),
          steps('rules[r0].referenceValue', [5, 5]),
        ),
      )
    expect(stands('and(r0, r1)')).toContain('expansion-never-passes expansions[0].steps[0].value')
    expect(stands('or(r0, r1)').join()).not.toContain('never-passes')
  })

  it('names the compound, its loose rules and what to do', () => {
    const [warning] = lint(twoLeaves('or(r0, and(r1, r0))'))
    expect(warning?.message).toMatch(/Rules "r0", "r1" are part of "r2" .* not enforced on its own.* second time/)
  })

  it('tells what a rule that can never pass does to a compound', () => {
    const parts = {
      playerAttributes: N,
      ...rules(
        { type: 'comparison', measurements: [COUNT_A], operation: '>', referenceValue: 5 },
        { type: 'comparison', measurements: [FLAT_N], operation: '=' },
        { type: 'compound', statement: 'or(r0, r1)' },
      ),
    }
    expect(lint(parts)[0]?.message).toMatch(/"r0" can never pass: .* 1 to 5, .* always 5.* counts as failed in "r2"/)
  })
})

describe('rules that contradict each other', () => {
  it('are named both, and the later one once', () => {
    const parts = { playerAttributes: N, ...limits({ low: 20 }, { high: 10 }, { around: 15, within: 1 }) }
    expect(found(parts)).toEqual([
      'rules-contradict rules[1].referenceValue',
      'rules-contradict rules[2].referenceValue',
    ])
    expect(lint(parts)[0]?.message).toMatch(/^Rule "r1" can never pass together with rule "r0" \(rules\[0\]\): /)
  })

  it('are found among others that are less strict', () => {
    const parts = { playerAttributes: N, ...limits({ low: 20 }, { low: 5 }, { high: 30 }, { high: 10 }, { high: 25 }) }
    expect(found(parts)).toEqual(['rules-contradict rules[3].referenceValue'])
    expect(lint(parts)[0]?.message).toContain('together with rule "r0"')
  })

  it('may do so where one of them is enough', () => {
    const { rules: both } = limits({ low: 20 }, { high: 10 }) as { rules: Parts[] }
    const parts = { playerAttributes: N, rules: [...both, { name: 'r2', type: 'compound', statement: 'or(r0, r1)' }] }
    expect(found(parts)).toEqual(['rule-not-enforced-alone rules[2].statement'])
    const joined = { playerAttributes: N, rules: [...both, { name: 'r2', type: 'compound', statement: 'and(r0, r1)' }] }
    expect(found(joined)).toEqual(['rules-contradict rules[1].referenceValue'])
  })
})

describe('the valid fixtures', () => {
  const folder = new URL('./fixtures/valid/', import.meta.url)
  const expected: Record<string, [reason: string, warnings: string[]]> = {
    '05-battle-royale-200.json': [
      'no rule uses the season, and at 90 s a lone player is a match',
      ['attribute-unused playerAttributes[2]', 'match-of-one expansions[2].steps[1].value'],
    ],
    '09-compound-rule.json': [
      'the gate lets matches through where its leaves fail',
      ['rule-not-enforced-alone rules[4].statement'],
    ],
    '12-cross-platform.json': [
      'players of one platform need not share an input',
      ['rule-not-enforced-alone rules[3].statement'],
    ],
    '15-backfill-first-sorted-oldest.json': [
      'after 30 s one hero plays alone',
      ['match-of-one expansions[0].steps[0].value'],
    ],
  }
  const files = readdirSync(folder).map((file) => {
    const [reason, warnings] = expected[file] ?? ['nothing to warn of', []]
    return { file, reason, warnings }
  })
  it.each(files)('$file: $reason', ({ file, warnings }) => {
    const ruleSet = parseRuleSet(readFileSync(new URL(file, folder), 'utf8'))
    expect(lintRuleSet(ruleSet).map(({ code, path }) => `${code} ${path}`)).toEqual(warnings)
  })
})
