import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { isoTime } from './iso-time.ts'

it('writes every time as Date does, whatever it was asked before', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), fc.integer({ min: -2500, max: 2500 }), (date, laterMs) => {
      const near = new Date(Math.min(date.getTime() + laterMs, 8.64e15))
      for (const time of [date, near, date]) expect(isoTime(time.getTime())).toBe(time.toISOString())
    }),
  )
})
