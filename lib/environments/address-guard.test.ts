import { expect, it } from 'vitest'
import { requireAllowedEndpoint } from './address-guard.ts'

const at = (kind: 'aws' | 'local', endpoint: string | null, addresses: string[] = ['52.94.1.1']) =>
  requireAllowedEndpoint({ kind, endpoint }, async () => addresses)

it.each([
  'https://169.254.169.254',
  'https://[fd00:ec2::254]',
  'https://[::ffff:169.254.169.254]',
  'https://2852039166',
  'https://0xa9fea9fe',
  'https://0.0.0.0',
])('nobody is sent to %s', async (endpoint) => {
  for (const kind of ['aws', 'local'] as const) await expect(at(kind, endpoint), kind).rejects.toThrow(/cannot be used/)
})

it.each([
  'https://127.0.0.1',
  'https://10.1.2.3',
  'https://192.168.1.1',
  'https://[::1]',
  'https://[::ffff:127.0.0.1]',
])('an engine may be at %s, and AWS not', async (endpoint) => {
  await expect(at('local', endpoint)).resolves.toBeUndefined()
  await expect(at('aws', endpoint)).rejects.toThrow(/private network/)
})

it('a name is judged by every address it has', async () => {
  await expect(at('aws', 'https://gamelift.example', ['52.94.1.1', '10.0.0.1'])).rejects.toThrow(/10\.0\.0\.1/)
  await expect(at('aws', 'https://gamelift.example')).resolves.toBeUndefined()
  await expect(at('aws', null)).resolves.toBeUndefined()
})

it('AWS is asked by https only', async () => {
  await expect(at('aws', 'http://gamelift.example')).rejects.toThrow(/https only/)
})
