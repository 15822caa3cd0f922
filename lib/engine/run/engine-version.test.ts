import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ENGINE_VERSION } from './engine-version.ts'

it('is the version of the package', () => {
  expect(ENGINE_VERSION).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version)
})
