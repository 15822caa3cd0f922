import fc from 'fast-check'
import { expect, it } from 'vitest'
import { middle, splitId } from './split-id.ts'

it('splits an id into what together is the whole of it, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (id) => {
      expect(splitId(id).join('')).toBe(id)
    }),
  )
})

it('never cuts a character in two', () => {
  const [start, end] = splitId('👾'.repeat(20))
  expect(start.isWellFormed() && end.isWellFormed()).toBe(true)
  expect(middle('👾'.repeat(20), 9).isWellFormed()).toBe(true)
})

it('keeps a short id in one piece', () => {
  expect(splitId('t-1')).toEqual(['', 't-1'])
  expect(middle('t-1', 18)).toBe('t-1')
})

it('leaves out the middle, not the ends', () => {
  expect(middle('0123456789abcdef', 9)).toBe('0123…cdef')
})
