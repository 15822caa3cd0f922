import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { isoTime } from './iso-time.ts'

const anyDate = fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-01-01') })

it('writes every time as Date does, whatever it was asked before', () => {
  fc.assert(
    fc.property(anyDate, fc.integer({ min: -2500, max: 2500 }), (date, laterMs) => {
      const near = new Date(date.getTime() + laterMs)
      for (const time of [date, near, date]) expect(isoTime(time.getTime())).toBe(time.toISOString())
    }),
  )
})
