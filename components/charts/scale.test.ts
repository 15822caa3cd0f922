import { expect, it } from 'vitest'
import { formatFigure, linePath, roundUp } from './scale.ts'

it('ends an axis at the next 1, 2 or 5', () => {
  expect([0, 0.03, 0.1, 1, 1.1, 2, 4, 5.1, 99, 100, 101].map(roundUp)).toEqual([
    1, 0.05, 0.1, 1, 2, 2, 5, 10, 100, 100, 200,
  ])
  expect(roundUp(Number.NaN)).toBe(1)
})

it('says figures as short as they can be', () => {
  expect([0, 0.0667, 0.25, 3.44, 12.34, 1234.5].map(formatFigure)).toEqual([
    '0',
    '0.07',
    '0.25',
    '3.4',
    '12.3',
    '1,230',
  ])
})

it('breaks a line where nothing is known, and leaves one value alone a dot', () => {
  expect(linePath([1, 2, null, 4, null], 4)).toBe('M0.5 0.75h0L1.5 0.5M3.5 0h0')
  expect(linePath([null, null], 1)).toBe('')
})
