import { expect, it } from 'vitest'
import { OWN_PATHS, REDIRECTS } from './corpora/redirects.ts'
import { returnPath } from './return-path.ts'

it('there are many ways to lead elsewhere', () => expect(REDIRECTS.length).toBeGreaterThanOrEqual(60))

it.each(REDIRECTS.map((given) => [given]))('nobody is led elsewhere: %j', (given) => {
  const path = returnPath(given)
  expect(path).toMatch(/^\/(?![/\\])/)
  expect(new URL(path, 'https://desk.example.com').origin).toBe('https://desk.example.com')
  expect(path).not.toMatch(/^\/(api|sign-in)/)
})

it.each(OWN_PATHS)('is gone back to as it is: %s', (given) => expect(returnPath(given)).toBe(given))

it('nothing and too much lead to the start', () => {
  expect([returnPath(null), returnPath(undefined), returnPath(`/${'x'.repeat(3_000)}`)]).toEqual(['/', '/', '/'])
})
