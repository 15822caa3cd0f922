import { describe, expect, it } from 'vitest'
import { formatAttribute, formatDataAttribute, sortedLatency } from './attributes.ts'

describe('attributes', () => {
  it.each([
    [{ N: 1480 }, '1480'],
    [{ S: 'ranked' }, 'ranked'],
    [{ SL: ['eu', 'us'] }, '[eu, us]'],
    [{ SDM: { a: 1, b: 2 } }, '{a: 1, b: 2}'],
    [{}, '–'],
  ])('%j is written as %s', (value, text) => expect(formatAttribute(value)).toBe(text))

  it('of matchmaker data are written alike', () => {
    expect(formatDataAttribute({ attributeType: 'DOUBLE', valueAttribute: 10 })).toBe('10')
    expect(formatDataAttribute({ attributeType: 'STRING_LIST', valueAttribute: ['a', 'b'] })).toBe('[a, b]')
    expect(formatDataAttribute({ attributeType: 'STRING_DOUBLE_MAP', valueAttribute: { a: 1 } })).toBe('{a: 1}')
    expect(formatDataAttribute('plain')).toBe('plain')
    expect(formatDataAttribute(undefined)).toBe('–')
  })
})

it('lists the nearest Region first', () => {
  expect(sortedLatency({ 'us-east-1': 110, 'eu-central-1': 32 })).toEqual([
    ['eu-central-1', 32],
    ['us-east-1', 110],
  ])
})
