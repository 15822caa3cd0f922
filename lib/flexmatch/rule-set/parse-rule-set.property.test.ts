import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type JsonNode, JsonSyntaxError, readJson } from './json-reader.ts'
import { parseRuleSet } from './parse-rule-set.ts'
import { RuleSetError } from './rule-set-error.ts'

const folder = new URL('./fixtures/valid/', import.meta.url)
const bodies = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'))

function survives(body: string): void {
  try {
    parseRuleSet(body)
  } catch (error) {
    if (!(error instanceof RuleSetError)) throw error
    expect(error.reasons.length).toBeGreaterThan(0)
    for (const { message, line, column } of error.reasons) {
      expect(message).not.toBe('')
      expect(line).toBeGreaterThan(0)
      expect(column).toBeGreaterThan(0)
    }
  }
}

it('throws nothing but RuleSetError, whatever the text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), survives), { numRuns: 500 })
})

it('throws nothing but RuleSetError, whatever the JSON', () => {
  fc.assert(fc.property(fc.json(), survives), { numRuns: 500 })
})

it('throws nothing but RuleSetError when a legal body is damaged in a few places', () => {
  const damage = fc.record({
    at: fc.nat(),
    remove: fc.integer({ min: 0, max: 12 }),
    insert: fc.constantFrom('', '[', ']', '}', '"', '0', '-', 'null', '[*]', ','),
  })
  fc.assert(
    fc.property(fc.constantFrom(...bodies), fc.array(damage, { minLength: 1, maxLength: 3 }), (body, damages) => {
      survives(
        damages.reduce((text, { at, remove, insert }) => {
          const from = at % text.length
          return text.slice(0, from) + insert + text.slice(from + remove)
        }, body),
      )
    }),
    { numRuns: 1500 },
  )
})

it('throws nothing but RuleSetError when values of a legal body are exchanged for others', () => {
  fc.assert(
    fc.property(fc.constantFrom(...bodies), fc.nat(), fc.jsonValue({ maxDepth: 2 }), (body, chosen, value) => {
      const places: [target: Record<string, unknown>, key: string][] = []
      const visit = (node: unknown) => {
        if (typeof node !== 'object' || node === null) return
        for (const key of Object.keys(node)) {
          places.push([node as Record<string, unknown>, key])
          visit((node as Record<string, unknown>)[key])
        }
      }
      const document: unknown = JSON.parse(body)
      visit(document)
      const place = places[chosen % places.length]
      if (place) place[0][place[1]] = value
      survives(JSON.stringify(document))
    }),
    { numRuns: 1500 },
  )
})

it('reads JSON as JSON.parse does, and refuses what it refuses', () => {
  const plain = (node: JsonNode): unknown => {
    if (node.kind === 'array') return node.items.map(plain)
    if (node.kind === 'object') return Object.fromEntries([...node.members].map(([key, value]) => [key, plain(value)]))
    return node.kind === 'null' ? null : node.value
  }
  const attempt = (read: () => unknown) => {
    try {
      return { value: read() }
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof JsonSyntaxError) return 'refused'
      throw error
    }
  }
  const fragment = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"',
    '"a"',
    '\\u00e9',
    '\\',
    '1',
    '-',
    '.5',
    'e9',
    '01',
    '"\u0019"',
    '"\t"',
    'true',
    'null',
    ' ',
    '\n',
  )
  const text = fc.oneof(
    fc.json(),
    fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, (body) => {
      expect(attempt(() => plain(readJson(body)))).toEqual(attempt(() => JSON.parse(body)))
    }),
    { numRuns: 3000 },
  )
})
