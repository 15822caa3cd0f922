import { expect, it } from 'vitest'
import { builtInEnvironments, requireEnvironment } from './environments.ts'

const at = (host: string) => builtInEnvironments({ host, enginePort: 9080, region: 'eu-central-1' })

it('there is one environment from the start: our own engine, open to everybody who may sign in', async () => {
  expect(await at('127.0.0.1').list()).toEqual([
    {
      name: 'local',
      label: 'Local engine',
      region: 'eu-central-1',
      protection: 'open',
      kind: 'local',
      endpoint: 'http://127.0.0.1:9080',
    },
  ])
})

it.each([
  ['0.0.0.0', 'http://127.0.0.1:9080'],
  ['::', 'http://[::1]:9080'],
  ['::1', 'http://[::1]:9080'],
  ['10.0.0.7', 'http://10.0.0.7:9080'],
])('an engine bound to %s is called at %s', async (host, endpoint) => {
  expect((await at(host).find('local'))?.endpoint).toBe(endpoint)
})

it('a name that is not there is not found, whatever it is called', async () => {
  for (const name of ['mars', '', 'constructor', '__proto__']) expect(await at('127.0.0.1').find(name)).toBeNull()
  await expect(requireEnvironment(at('127.0.0.1'), 'mars')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
