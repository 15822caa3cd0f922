import { expect, it } from 'vitest'
import type { ConfigurationView } from '#lib/tickets/views.ts'
import { createCatalog } from './catalog.ts'

function setting() {
  const state = { time: 0, reads: 0, fail: false }
  const catalog = createCatalog(
    {
      async listConfigurations() {
        state.reads++
        if (state.fail) throw new Error('down')
        return [{ name: `read ${state.reads}` } as ConfigurationView]
      },
      listRuleSets: async () => [],
    },
    () => state.time,
  )
  const names = async () => (await catalog.configurations()).map(({ name }) => name)
  return { state, names, catalog }
}

it('is read once for everybody who asks within five seconds, then again', async () => {
  const { state, names } = setting()
  expect(await Promise.all([names(), names()])).toEqual([['read 1'], ['read 1']])
  state.time = 4_999
  expect(await names()).toEqual(['read 1'])
  state.time = 5_000
  expect(await names()).toEqual(['read 2'])
})

it('does not keep a failure', async () => {
  const { state, names } = setting()
  state.fail = true
  await expect(names()).rejects.toThrow('down')
  state.fail = false
  expect(await names()).toEqual(['read 2'])
})

it('tells what was last read without waiting, and reads again once a minute, also after a failure', async () => {
  const { state, catalog } = setting()
  const known = () => catalog.knownConfigurations()?.map(({ name }) => name) ?? null
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  expect(known()).toBeNull()
  await settled()
  expect(known()).toEqual(['read 1'])
  state.time = 59_999
  expect(known()).toEqual(['read 1'])
  expect(state.reads).toBe(1)
  state.time = 60_000
  state.fail = true
  expect(known()).toEqual(['read 1'])
  await settled()
  expect([known(), state.reads]).toEqual([['read 1'], 2])
  state.time = 120_000
  state.fail = false
  known()
  await settled()
  expect(known()).toEqual(['read 3'])
})
