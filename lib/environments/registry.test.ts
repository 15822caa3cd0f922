import { expect, it } from 'vitest'
import { viewOf } from './environment.ts'
import { builtInEnvironment, fixedEnvironments, requireEnvironment } from './registry.ts'

const at = (host: string) =>
  builtInEnvironment({ host, enginePort: 9080, region: 'eu-central-1', accountId: '000000000000' })

it('there is one environment from the start: our own engine, open to everybody who may sign in', () => {
  expect(viewOf(at('127.0.0.1'))).toEqual({
    name: 'local',
    label: 'Local engine',
    colour: 'grey',
    region: 'eu-central-1',
    accountId: '000000000000',
    protection: 'open',
    kind: 'local',
    endpoint: 'http://127.0.0.1:9080',
  })
})

it.each([
  ['0.0.0.0', 'http://127.0.0.1:9080'],
  ['::', 'http://[::1]:9080'],
  ['::1', 'http://[::1]:9080'],
  ['10.0.0.7', 'http://10.0.0.7:9080'],
])('an engine bound to %s is called at %s', (host, endpoint) => {
  expect(at(host).endpoint).toBe(endpoint)
})

it('a name that is not there is not found, whatever it is called', async () => {
  const environments = fixedEnvironments([at('127.0.0.1')])
  for (const name of ['mars', '', 'constructor', '__proto__']) expect(await environments.find(name)).toBeNull()
  await expect(requireEnvironment(environments, 'mars')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

it('nothing of who Matchdesk is there, nor where events come from, reaches a browser', () => {
  const secret = { ...at('127.0.0.1'), credentials: { readRoleArn: 'arn:aws:iam::1:role/r', externalId: 'x' } }
  expect(Object.keys(viewOf(secret)).toSorted()).toEqual([
    'accountId',
    'colour',
    'endpoint',
    'kind',
    'label',
    'name',
    'protection',
    'region',
  ])
})
