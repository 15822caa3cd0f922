import fs from 'node:fs'
import { expect, it } from 'vitest'
import { flagsFor } from './runtime.mjs'

it.each([
  ['v20.20.2', null],
  ['v22.11.0', null],
  ['v22.12.0', ['--experimental-strip-types', '--disable-warning=ExperimentalWarning']],
  ['v22.18.0', ['--disable-warning=ExperimentalWarning']],
  ['v23.5.0', ['--experimental-strip-types', '--disable-warning=ExperimentalWarning']],
  ['v24.21.0', ['--disable-warning=ExperimentalWarning']],
  [null, null],
])('knows what Node %s needs to run TypeScript', (version, flags) => {
  expect(flagsFor(version)).toEqual(flags)
})

it('is given no class field that Node 22.12 takes for a keyword once its type is stripped', () => {
  const files = fs.readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const field = /^ +(?:(?:readonly|override|private|protected|public) )+(?:get|set|static|accessor)(?:: [^=\n]+)?$/m
  expect(files.filter((file) => field.test(fs.readFileSync(`lib/${file}`, 'utf8')))).toEqual([])
})
