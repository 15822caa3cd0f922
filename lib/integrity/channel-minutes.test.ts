import { expect, it } from 'vitest'
import { LAG_BUCKETS, lagBucket } from './channel-minutes.ts'

it('puts a lag into the bucket whose bound is the next above it', () => {
  expect([0, 31, 32, 63, 64, 1_000].map(lagBucket)).toEqual([0, 0, 1, 1, 2, 5])
  const bounds = Array.from({ length: LAG_BUCKETS - 1 }, (_, bucket) => 2 ** (bucket + 1) * 16)
  for (const [bucket, bound] of bounds.entries()) {
    expect([lagBucket(bound - 1), lagBucket(bound)]).toEqual([bucket, bucket + 1])
  }
  expect(lagBucket(Number.MAX_SAFE_INTEGER)).toBe(LAG_BUCKETS - 1)
})
