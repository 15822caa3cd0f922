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
  return { state, names }
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
