import { expect, it } from 'vitest'
import { type Bound, bind, isBound } from './confirm-token.ts'

const bound: Bound = {
  ...{ bulkId: 'b-1', action: 'cancel', count: 3, environment: 'local', personId: 'p-1' },
  selection: { filter: { tab: 'open', configuration: 'ranked', minAgeSeconds: null } },
  idsHash: Buffer.alloc(32, 1),
  until: new Date('2026-01-15T10:05:00.123Z'),
}

it('is good for exactly what it was made for', () => {
  const hash = bind('token', bound)
  expect(isBound('token', bound, hash)).toBe(true)
  const others: Partial<Bound>[] = [
    ...[{ bulkId: 'b-2' }, { action: 'accept' }, { count: 4 }, { environment: 'prod' }, { personId: 'p-2' }],
    { selection: { filter: { tab: 'open', configuration: 'casual', minAgeSeconds: null } } },
    { selection: { ticketIds: ['t-1'] } },
    { idsHash: Buffer.alloc(32, 2) },
    { until: new Date('2026-01-15T10:05:00.124Z') },
  ]
  for (const other of others) expect(isBound('token', { ...bound, ...other }, hash), JSON.stringify(other)).toBe(false)
  expect(isBound('another', bound, hash)).toBe(false)
  expect(isBound('token', bound, null)).toBe(false)
})

it('does not depend on the order of members, which the database does not keep', () => {
  const selection = { filter: { minAgeSeconds: null, configuration: 'ranked', tab: 'open' } }
  expect(isBound('token', { ...bound, selection }, bind('token', bound))).toBe(true)
})

it('tells members apart that would read the same side by side', () => {
  const hash = bind('token', { ...bound, environment: 'a', personId: 'bc' })
  expect(isBound('token', { ...bound, environment: 'ab', personId: 'c' }, hash)).toBe(false)
})
