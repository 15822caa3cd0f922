import http from 'node:http'
import https from 'node:https'
import type { AddressInfo, LookupFunction } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { hostAndPort } from '#lib/settings.ts'
import { guardedLookup, requireAllowedEndpoint } from './address-guard.ts'
import { ipv4Inside } from './ipv4-inside.ts'

const at = (kind: 'aws' | 'local', endpoint: string | null, addresses: string[] = ['52.94.1.1']) =>
  requireAllowedEndpoint({ kind, endpoint }, async () => addresses)
const KINDS = ['aws', 'local'] as const

/** The same IPv4 address in every way somebody has written one. */
function spellings(address: string): string[] {
  const bytes = address.split('.').map(Number)
  const [a = 0, b = 0, c = 0, d = 0] = bytes
  const hex = (...group: number[]) => group.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const whole = ((a * 256 + b) * 256 + c) * 256 + d
  return [
    address,
    `${address}.`,
    String(whole),
    `0x${whole.toString(16)}`,
    `0${whole.toString(8)}`,
    bytes.map((byte) => `0x${byte.toString(16)}`).join('.'),
    bytes.map((byte) => `0${byte.toString(8)}`).join('.'),
    `${a}.${b}.${c * 256 + d}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    [...address].map((char) => (char === '.' ? '\u3002' : String.fromCodePoint(0xff10 + Number(char)))).join(''),
    encodeURIComponent(address).replaceAll('1', '%31'),
    `[::ffff:${address}]`,
    `[::ffff:${hex(a, b)}:${hex(c, d)}]`,
    `[0:0:0:0:0:ffff:${hex(a, b)}:${hex(c, d)}]`,
    `[::${address}]`,
    `[::ffff:0:${address}]`,
    `[64:ff9b::${address}]`,
    `[2002:${hex(a, b)}:${hex(c, d)}::]`,
  ]
}

/** Where machines and containers keep their own secrets. */
const METADATA = ['169.254.169.254', '169.254.170.2', '169.254.170.23', '100.100.100.200', '168.63.129.16']
const NOWHERE = [
  '0.0.0.0',
  '0',
  '0.0.0.1',
  '192.0.0.192',
  '192.0.2.1',
  '198.51.100.7',
  '203.0.113.9',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '[::]',
  '[fe80::1]',
  '[fe80::a9fe:a9fe]',
  '[febf::1]',
  '[ff02::1]',
  '[fd00:ec2::254]',
  '[fd00:0ec2:0000:0000:0000:0000:0000:0023]',
  '[fd20:ce::254]',
  '[2001:db8::1]',
  '[2001:0:a9fe:a9fe::1]',
]
const PRIVATE = [
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '127.8.9.10',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.168.1.1',
  '198.18.0.1',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[fc00::1]',
  '[fd12:3456::1]',
  '[fec0::1]',
  '[64:ff9b:1::a00:1]',
]
const NO_ADDRESS = [
  'https://user@gamelift.example',
  'https://user:secret@gamelift.example',
  'https://gamelift.example@169.254.169.254',
  'https://127.0.0.1#@gamelift.example',
  'https:\\\\169.254.169.254',
  'https:169.254.169.254',
  'https://1.2.3.4.5',
  'https://256.1.1.1',
  'https://[fe80::1%25eth0]',
  'https://[::1',
  'https://',
  '//169.254.169.254',
  'gamelift.example',
  'file:///etc/passwd',
  'ftp://52.94.1.1',
  'gopher://52.94.1.1:70/_',
  'ws://52.94.1.1',
  'unix:/var/run/docker.sock',
  'data:text/plain,x',
  'javascript:alert(1)',
]

afterEach(() => vi.unstubAllEnvs())

describe('an endpoint', () => {
  it.each([...METADATA.flatMap(spellings), ...NOWHERE].map((host) => `https://${host}`))(
    'is never %s',
    async (endpoint) => {
      for (const kind of KINDS) await expect(at(kind, endpoint), kind).rejects.toMatchObject({ code: 'REFUSED' })
    },
  )

  it.each([...spellings('127.0.0.1'), ...PRIVATE].map((host) => `https://${host}:8443/`))(
    'of an engine may be %s where that is listed, and of AWS not',
    async (endpoint) => {
      await expect(at('local', endpoint)).rejects.toThrow(/8443 is not listed in MATCHDESK_LOCAL_ENDPOINTS/)
      vi.stubEnv('MATCHDESK_LOCAL_ENDPOINTS', `10.9.9.9:1, ${hostAndPort(endpoint)}`)
      await expect(at('local', endpoint)).resolves.toBeUndefined()
      await expect(at('aws', endpoint)).rejects.toThrow(/private network/)
    },
  )

  it('of an engine is listed by host and port, as it is written there', async () => {
    vi.stubEnv('MATCHDESK_LOCAL_ENDPOINTS', '10.0.0.7:9080,Engine.internal:80')
    await expect(at('local', 'http://10.0.0.7:9080/')).resolves.toBeUndefined()
    await expect(at('local', 'http://engine.internal/', ['10.0.0.8'])).resolves.toBeUndefined()
    for (const endpoint of ['http://10.0.0.7:9081', 'http://10.0.0.8:9080', 'https://engine.internal'])
      await expect(at('local', endpoint, ['10.0.0.7']), endpoint).rejects.toMatchObject({ code: 'REFUSED' })
    // Listed or not, nobody's GameLift is there.
    vi.stubEnv('MATCHDESK_LOCAL_ENDPOINTS', '169.254.169.254:80')
    await expect(at('local', 'http://169.254.169.254')).rejects.toThrow(/secrets/)
  })

  it('of an engine outside of private networks needs no list, nor does the built-in one', async () => {
    await expect(at('local', 'http://engine.example')).resolves.toBeUndefined()
    await expect(at('local', 'http://127.0.0.1:9080')).resolves.toBeUndefined()
    vi.stubEnv('ENGINE_PORT', '9999')
    await expect(at('local', 'http://127.0.0.1:9080')).rejects.toMatchObject({ code: 'REFUSED' })
  })

  it.each(NO_ADDRESS)('of AWS is never %s', async (endpoint) => {
    await expect(at('aws', endpoint)).rejects.toMatchObject({ code: 'REFUSED' })
  })

  it('with a name is judged by every address the name has', async () => {
    await expect(at('aws', 'https://gamelift.example', ['52.94.1.1', '10.0.0.1'])).rejects.toThrow(/10\.0\.0\.1/)
    await expect(at('local', 'http://engine.example', ['fe80::1%eth0'])).rejects.toThrow(/secrets/)
    await expect(at('aws', 'https://gamelift.example')).resolves.toBeUndefined()
    await expect(at('aws', 'https://[2600:1f18::1]:8443')).resolves.toBeUndefined()
    await expect(at('aws', null)).resolves.toBeUndefined()
  })

  it('of AWS goes by https only', async () => {
    await expect(at('aws', 'http://gamelift.example')).rejects.toThrow(/https only/)
  })
})

describe('a name that leads elsewhere when it is connected to', () => {
  /** Says one thing to whoever asks first, and another to everybody later. */
  function rebinding(addresses: string[]): LookupFunction {
    return (_host, options, callback) => {
      const address = (addresses.length > 1 ? addresses.shift() : addresses[0]) ?? ''
      const family = address.includes(':') ? 6 : 4
      if (options.all) callback(null, [{ address, family }])
      else callback(null, address, family)
    }
  }
  function get(url: string, lookup: LookupFunction): Promise<unknown> {
    const { request, Agent } = url.startsWith('https') ? https : http
    return new Promise((resolve) => {
      const asked = request(url, { agent: new Agent({ lookup }) }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      asked.on('error', resolve).end()
    })
  }

  it('is not connected to, however it was judged before', async () => {
    let connections = 0
    const server = http.createServer((_, response) => response.end()).on('connection', () => connections++)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      const elsewhere = rebinding(['52.94.1.1', '127.0.0.1'])
      const answer = await new Promise<string>((resolve) =>
        elsewhere('gamelift.example', {}, (_, address) => resolve(String(address))),
      )
      await expect(at('aws', `https://gamelift.example:${port}`, [answer])).resolves.toBeUndefined()
      for (const scheme of ['http', 'https']) {
        const url = `${scheme}://gamelift.example:${port}/`
        expect(await get(url, guardedLookup({ kind: 'aws', endpoint: url }, elsewhere))).toMatchObject({
          code: 'REFUSED',
        })
        for (const address of ['169.254.169.254', '::ffff:169.254.169.254', 'fd00:ec2::254', '127.0.0.1']) {
          const lookup = guardedLookup({ kind: 'local', endpoint: url }, rebinding([address]))
          expect(await get(url, lookup)).toMatchObject({ code: 'REFUSED' })
        }
      }
      expect(connections).toBe(0)
      const endpoint = `http://engine.example:${port}/`
      vi.stubEnv('MATCHDESK_LOCAL_ENDPOINTS', `engine.example:${port}`)
      expect(await get(endpoint, guardedLookup({ kind: 'local', endpoint }, elsewhere))).toBe(200)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})

it('an IPv4 address is found inside one of IPv6, and nowhere else', () => {
  const insides = ['::ffff:1.2.3.4', '::1.2.3.4', '64:ff9b::102:304', '2002:102:304::9', '::ffff:0:102:304']
  expect(insides.map(ipv4Inside)).toEqual(insides.map(() => '1.2.3.4'))
  expect(['1.2.3.4', '::1', '::', '2600::1', 'fe80::1%eth0'].map(ipv4Inside)).toEqual(Array(5).fill(null))
})
