import { expect, it } from 'vitest'
import type { Environment } from './environment.ts'
import { perEnvironment } from './per-environment.ts'
import { fixedEnvironments } from './registry.ts'
import { anEnvironment } from './testing/an-environment.ts'

it('begins with an environment, ends with it, and begins anew when it was edited', async () => {
  let now: Environment[] = []
  let away = false
  const told: string[] = []
  const list = async () => {
    if (away) throw new Error('away')
    return now
  }
  const all = perEnvironment(
    { ...fixedEnvironments([]), list },
    ({ name, revision }) => {
      told.push(`begin ${name} ${revision}`)
      return { stop: async () => void told.push(`end ${name} ${revision}`) }
    },
    5,
  )
  const expectTold = async (expected: string[]) => {
    await expect.poll(() => told).toEqual(expected)
    told.length = 0
  }
  now = [anEnvironment({ name: 'a', revision: 1 }), anEnvironment({ name: 'b', revision: 1 })]
  await expectTold(['begin a 1', 'begin b 1'])
  now = [anEnvironment({ name: 'a', revision: 2 }), anEnvironment({ name: 'b', revision: 1 })]
  await expectTold(['end a 1', 'begin a 2'])
  away = true
  now = []
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(told).toEqual([])
  away = false
  await expectTold(['end b 1', 'end a 2'])
  now = [anEnvironment({ name: 'c', revision: 0 })]
  await expectTold(['begin c 0'])
  await all.stop()
  expect(told).toEqual(['end c 0'])
})
