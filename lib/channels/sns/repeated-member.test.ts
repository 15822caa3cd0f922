import fc from 'fast-check'
import { expect, it } from 'vitest'
import { repeatedMember } from './repeated-member.ts'

it('finds a member that stands twice, however it is written, and only at the outermost level', () => {
  expect(repeatedMember('{"a":1,"b":{"a":2,"a":3},"c":["a","a",{"c":1}]}')).toBeNull()
  expect(repeatedMember('{"a":1, "b" : "a","a":2}')).toBe('a')
  expect(repeatedMember('{"a\\"b":1,"a\\u0022b":2}')).toBe('a"b')
  expect(repeatedMember('{"a":[{}],"a":{}}')).toBe('a')
  expect(repeatedMember('{"a":"\\\\","a":1}')).toBe('a')
  expect(repeatedMember('["a","a"]')).toBeNull()
  expect(repeatedMember('"a"')).toBeNull()
})

it('finds none in what was written from an object, and one when any member is added again', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(), (value, pick) => {
      const text = JSON.stringify(value)
      expect(repeatedMember(text)).toBeNull()
      const names = Object.keys(value)
      const name = names[pick % names.length] ?? ''
      expect(repeatedMember(`${text.slice(0, -1)},${JSON.stringify(name)}:null}`)).toBe(name)
    }),
  )
})
