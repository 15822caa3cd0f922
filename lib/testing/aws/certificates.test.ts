import { createPublicKey, X509Certificate } from 'node:crypto'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createAuthority, selfSigned } from './certificates.ts'

describe('certificates for tests', () => {
  const authority = createAuthority()

  it('carry the name, the key and the times that were asked for, signed by the authority', () => {
    const from = new Date('2026-01-02T03:04:05Z')
    const until = new Date('2051-01-02T03:04:05Z')
    const { pem, key } = authority.issue({ name: 'sns.amazonaws.com', from, until })
    const read = new X509Certificate(pem)
    expect(read.subject).toBe('CN=sns.amazonaws.com')
    expect(read.checkHost('sns.amazonaws.com')).toBe('sns.amazonaws.com')
    expect([new Date(read.validFrom), new Date(read.validTo)]).toEqual([from, until])
    expect(read.publicKey.equals(createPublicKey(key))).toBe(true)
    expect(read.checkIssued(new X509Certificate(authority.pem))).toBe(true)
    expect(read.verify(new X509Certificate(authority.pem).publicKey)).toBe(true)
  })

  it('can be their own authority', () => {
    const read = new X509Certificate(selfSigned({ name: 'sns.amazonaws.com' }).pem)
    expect(read.checkIssued(read)).toBe(true)
    expect(read.checkIssued(new X509Certificate(authority.pem))).toBe(false)
  })

  it('are good for a server whose clients trust the authority, and for nobody else', async () => {
    const { pem, keyPem } = authority.issue({ name: 'localhost', addresses: ['127.0.0.1'] })
    const server = https.createServer({ cert: pem, key: keyPem }, (_, response) => response.end('hello'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const ask = (ca?: string) =>
      new Promise<string>((resolve) => {
        https
          .get({ host: '127.0.0.1', port, ca, agent: false }, (response) =>
            response.on('data', (data) => resolve(`${data}`)),
          )
          .on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)))
      })
    try {
      expect(await ask(authority.pem)).toBe('hello')
      expect(await ask()).toMatch(/SELF_SIGNED|UNABLE_TO_VERIFY/)
    } finally {
      server.close()
    }
  })
})
