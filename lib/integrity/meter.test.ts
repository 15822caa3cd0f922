import { expect, it } from 'vitest'
import { missingBy, percentile } from './meter.ts'

it('a percentile is the upper end of the bucket it lies in', () => {
  expect(percentile([], 0.5)).toBeNull()
  expect(percentile([0, 0, 0], 0.99)).toBeNull()
  expect(percentile([10, 0, 0, 0], 0.99)).toBe(32)
  expect(percentile([50, 49, 0, 1], 0.5)).toBe(32)
  expect(percentile([50, 49, 0, 1], 0.99)).toBe(64)
  expect(percentile([50, 48, 0, 2], 0.99)).toBe(256)
})

it('what is missing of a channel is what others brought and it did not', () => {
  const sqs = { added: 90, copies: 5 }
  const sns = { added: 10, copies: 80 }
  expect([missingBy(sqs, [sqs, sns]), missingBy(sns, [sqs, sns])]).toEqual([5, 10])
  // A copy may be counted in this window whose first came before it.
  expect(missingBy({ added: 0, copies: 12 }, [{ added: 10 }])).toBe(0)
})
