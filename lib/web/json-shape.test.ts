import { describe, expect, it } from 'vitest'
import { SHAPES } from './corpora/json-shapes.ts'
import { shapeProblem } from './json-shape.ts'

const LIMITS = { maxDepth: 32, maxMembers: 10_000 }

describe('the shape of a JSON text', () => {
  it('has a corpus', () => expect(SHAPES.length).toBeGreaterThanOrEqual(100))

  it.each(SHAPES.filter(({ taken }) => !taken))('is refused within 50 ms: $name', ({ make }) => {
    const text = make()
    shapeProblem(text, LIMITS)
    const began = performance.now()
    expect(shapeProblem(text, LIMITS)).not.toBeNull()
    expect(performance.now() - began).toBeLessThan(50)
  })

  it.each(SHAPES.filter(({ taken }) => taken))('is no reason to refuse: $name', ({ make }) => {
    const text = make()
    expect(shapeProblem(text, LIMITS)).toBeNull()
    expect(() => JSON.parse(text)).not.toThrow()
  })

  it('leaves objects as they were', () => {
    for (const { make } of SHAPES) shapeProblem(make(), LIMITS)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})
