import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Shell } from '#lib/engine/shell.ts'
import { labRoutes } from './routes.ts'

it('has every call in docs/lab.md, and no other', () => {
  const calls = [...readFileSync('docs/lab.md', 'utf8').matchAll(/^\| `([A-Z]+ \/lab\/\S+)` \|/gm)].map(
    ([, call]) => call,
  )
  const routes = labRoutes({} as Shell).map(({ method, path }) => `${method} ${path}`)
  expect(calls.toSorted()).toEqual(routes.toSorted())
})
