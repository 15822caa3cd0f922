import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lintRuleSet } from './lint.ts'
import { parseRuleSet } from './parse-rule-set.ts'
import type { RuleSet } from './rule-set.ts'
import { RuleSetError } from './rule-set-error.ts'

const folder = new URL('./fixtures/valid/', import.meta.url)
const bodies = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'))

function parsed(body: string): RuleSet | null {
  try {
    return parseRuleSet(body)
  } catch (error) {
    if (error instanceof RuleSetError) return null
    throw error
  }
}

/** Whether a path like `rules[2].maxDistance` leads somewhere in the document; the last key may be one that was left out. */
function leadsSomewhere(document: unknown, path: string): boolean {
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '')
  const parent = keys.slice(0, -1).reduce<unknown>((node, key) => Object(node)[key], document)
  return typeof parent === 'object' && parent !== null
}

const context = fc.record(
  {
    requestTimeoutSeconds: fc.integer({ min: 1, max: 120 }),
    sentAttributes: fc.subarray(['rating', 'role', 'maps', 'platform']).map((names) => new Set(names)),
    largestParty: fc.integer({ min: 1, max: 12 }),
    latencySent: fc.boolean(),
  },
  { requiredKeys: [] },
)
/** Values that are legal in many places, so that most of the changed bodies still parse. */
const value = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -2, max: 12 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(-1e308, 1e308, 0.5, 'avg', 'min', '=', '!=', '<', 'count(teams[*])', 'x', [], ['x']),
  },
)

it('says something sensible, and throws nothing, for every rule set that parses', () => {
  let linted = 0
  fc.assert(
    fc.property(
      fc.constantFrom(...bodies),
      fc.array(fc.tuple(fc.nat(), value), { maxLength: 4 }),
      context,
      (body, changes, known) => {
        const document: unknown = JSON.parse(body)
        const places: [target: Record<string, unknown>, key: string][] = []
        const visit = (node: unknown) => {
          if (typeof node !== 'object' || node === null) return
          for (const key of Object.keys(node)) {
            const child = (node as Record<string, unknown>)[key]
            if (typeof child !== 'object') places.push([node as Record<string, unknown>, key])
            visit(child)
          }
        }
        visit(document)
        for (const [chosen, replacement] of changes) {
          const place = places[chosen % places.length]
          if (place) place[0][place[1]] = replacement
        }
        const ruleSet = parsed(JSON.stringify(document))
        if (ruleSet === null) return
        linted++
        const warnings = lintRuleSet(ruleSet, known)
        for (const { path, message } of warnings) {
          expect(leadsSomewhere(document, path), path).toBe(true)
          expect(message).not.toMatch(/NaN|undefined|Infinity|null/)
          expect(message).toMatch(/\.$/)
        }
        expect(new Set(warnings.map(({ code, path }) => `${code} ${path}`)).size).toBe(warnings.length)
        expect(lintRuleSet(ruleSet, known)).toEqual(warnings)
      },
    ),
    { numRuns: 3000 },
  )
  expect(linted).toBeGreaterThan(500)
})

it('takes a rule set as large as a body can be', () => {
  const steps = Array.from({ length: 500 }, (_, index) => ({ waitTimeSeconds: index + 1, value: index + 1 }))
  const measurement = 'count(teams[*].players)'
  const body = JSON.stringify({
    ruleLanguageVersion: '1.0',
    teams: [{ name: 't', minPlayers: 0, maxPlayers: 1, quantity: 40 }],
    rules: [
      {
        name: 'r',
        type: 'distance',
        measurements: Array.from({ length: 1200 }, () => measurement),
        referenceValue: 'sum(count(teams[*].players))',
        maxDistance: 0,
      },
    ],
    expansions: [{ target: 'rules[r].maxDistance', steps }],
  })
  expect(body.length).toBeLessThan(65_535)
  expect(lintRuleSet(parseRuleSet(body))).toBeInstanceOf(Array)
})
