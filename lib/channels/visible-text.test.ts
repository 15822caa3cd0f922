import { expect, it } from 'vitest'
import { visibleText } from './visible-text.ts'

it('writes out what nobody would see, and leaves what is read', () => {
  expect(visibleText('ana\u202egnp.exe')).toBe('ana\\u202egnp.exe')
  expect(visibleText('a\u200bb\u0000c\u2028d')).toBe('a\\u200bb\\u0000c\\u2028d')
  expect(visibleText('\u{e0041}')).toBe('\\u{e0041}')
  expect(visibleText('{\n\t"name": "Zoë 冬 👩"\n}')).toBe('{\n\t"name": "Zoë 冬 👩"\n}')
})

it('keeps two spellings of one letter apart from each other as they came', () => {
  expect(visibleText('é')).not.toBe(visibleText('e\u0301'))
})
