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
