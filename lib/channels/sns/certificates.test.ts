import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthority, selfSigned } from '#lib/testing/aws/certificates.ts'
import { CertificateRefused, CertificateUnavailable, createCertificateStore } from './certificates.ts'
import { fetchCertificate } from './fetch-certificate.ts'
import { certificateNames, readTopicArn } from './topic.ts'

const authority = createAuthority()
const NOW = Date.now()
const address = (name: string, region = 'eu-central-1') =>
  new URL(`https://sns.${region}.amazonaws.com/SimpleNotificationService-${name}.pem`)

/** A store whose certificates come from a table, and how often each was asked for. */
function storeOf(pemOf: (url: URL) => string | Promise<string>) {
  const clock = { now: NOW }
  const asked: string[] = []
  const store = createCertificateStore(
    async (url) => {
      asked.push(url.href)
      return Buffer.from(await pemOf(url))
    },
    () => clock.now,
  )
  return { store, asked, clock }
}

describe('certificates of SNS', () => {
  const good = authority.issue({ name: 'sns.amazonaws.com' })

  it('are fetched once, also when many messages wait for one', async () => {
    const { store, asked } = storeOf(async () => good.pem)
    const keys = await Promise.all(Array.from({ length: 100 }, () => store.keyFor(address('aa'))))
    expect(new Set(keys).size).toBe(1)
    await store.keyFor(address('aa'))
    expect(asked).toHaveLength(1)
  })

  it('are refused when they are for another name, vouch for themselves, or are not certificates', async () => {
    const wrong: Record<string, string> = {
      'another name': authority.issue({ name: 'sns.example.com' }).pem,
      'a wildcard': authority.issue({ name: '*.amazonaws.com' }).pem,
      'the name of another region': authority.issue({ name: 'sns-signing.me-south-1.amazonaws.com' }).pem,
      itself: selfSigned({ name: 'sns.amazonaws.com' }).pem,
      'an authority': authority.pem,
      nothing: '',
      html: '<!doctype html>',
      garbage: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    }
    for (const [what, pem] of Object.entries(wrong)) {
      const { store } = storeOf(() => pem)
      await expect(store.keyFor(address('aa')), what).rejects.toBeInstanceOf(CertificateRefused)
    }
  })

  it('are good in their time only, also when they are known already', async () => {
    const until = new Date(NOW + 60_000)
    const { store, clock } = storeOf(() => authority.issue({ name: 'sns.amazonaws.com', until }).pem)
    await store.keyFor(address('aa'))
    clock.now = NOW + 61_000
    await expect(store.keyFor(address('aa'))).rejects.toThrow('not now')
    await expect(store.keyFor(address('bb'))).rejects.toThrow('not now')
    const early = storeOf(() => authority.issue({ name: 'sns.amazonaws.com', from: until }).pem)
    await expect(early.store.keyFor(address('aa'))).rejects.toBeInstanceOf(CertificateRefused)
  })

  it('follow each other: a new one has a new address, and the old one stays good', async () => {
    const next = authority.issue({ name: 'sns.amazonaws.com' })
    const { store, asked } = storeOf((url) => (url.href.includes('aa') ? good.pem : next.pem))
    const first = await store.keyFor(address('aa'))
    expect((await store.keyFor(address('bb'))).equals(first)).toBe(false)
    expect(await store.keyFor(address('aa'))).toBe(first)
    expect(asked).toHaveLength(2)
  })

  it('are kept up to 16; the one not used for longest goes', async () => {
    const { store, asked } = storeOf(() => good.pem)
    const urls = Array.from({ length: 17 }, (_, index) => address(`aa${index}`))
    for (const url of urls.slice(0, 16)) await store.keyFor(url)
    await store.keyFor(urls[0] as URL)
    await store.keyFor(urls[16] as URL)
    asked.length = 0
    await store.keyFor(urls[0] as URL)
    expect(asked).toEqual([])
    await store.keyFor(urls[1] as URL)
    expect(asked).toEqual([urls[1]?.href])
  })

  it('that could not be had are asked for again, but not by every message', async () => {
    let isDown = true
    const { store, asked, clock } = storeOf(() => {
      if (isDown) throw new TypeError('fetch failed')
      return good.pem
    })
    for (let index = 0; index < 3; index++) {
      await expect(store.keyFor(address('aa'))).rejects.toBeInstanceOf(CertificateUnavailable)
    }
    expect(asked).toHaveLength(1)
    isDown = false
    clock.now += 5_001
    await store.keyFor(address('aa'))
    expect(asked).toHaveLength(2)
  })

  it('are not fetched without bound when somebody makes addresses up', async () => {
    const { store, asked } = storeOf(() => new Promise(() => {}))
    const answers = Array.from({ length: 50 }, (_, index) => store.keyFor(address(`${index}`)))
    for (const late of answers.slice(8)) await expect(late).rejects.toBeInstanceOf(CertificateUnavailable)
    expect(asked).toHaveLength(8)
  })

  it('carry the name that SNS has in the region', () => {
    const namesIn = (arn: string) => certificateNames(readTopicArn(arn)?.host ?? '')
    expect(namesIn('arn:aws:sns:us-east-1:111122223333:a')).toContain('sns.amazonaws.com')
    expect(namesIn('arn:aws:sns:af-south-1:111122223333:a')).toContain('sns-signing.af-south-1.amazonaws.com')
    expect(namesIn('arn:aws-cn:sns:cn-north-1:111122223333:a')).toContain('sns-cn-north-1.amazonaws.com.cn')
    expect(namesIn('arn:aws-us-gov:sns:us-gov-east-1:111122223333:a')).toContain('sns-us-gov-west-1.amazonaws.com')
    expect(namesIn('arn:aws-eusc:sns:eusc-de-east-1:111122223333:a')).toContain(
      'sns-signing.eusc-de-east-1.amazonaws.eu',
    )
    for (const wrong of ['', 'arn:aws:sns:us-east-1:1:a', 'arn:aws:sns:evil.example/:111122223333:a']) {
      expect(readTopicArn(wrong)).toBeNull()
    }
  })
})

describe('fetching a certificate', () => {
  let requests = 0
  const server = http.createServer((request, response) => {
    requests++
    if (request.url === '/redirect') response.writeHead(302, { location: '/good' }).end()
    else if (request.url === '/huge') response.end('x'.repeat(16 * 1024 + 1))
    else if (request.url === '/endless') setInterval(() => response.write('x'.repeat(10_000)), 5).unref()
    else if (request.url === '/slow') response.write('-----')
    else if (request.url === '/broken')
      response.writeHead(200, { 'content-length': '100' }).write('x', () => response.destroy())
    else if (request.url === '/good') response.end('pem')
    else response.writeHead(404).end()
  })
  const url = (path: string) => new URL(path, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterAll(() => void server.closeAllConnections())

  it('takes what is there', async () => {
    expect(`${await fetchCertificate(url('/good'))}`).toBe('pem')
  })
  it('follows no redirect', async () => {
    requests = 0
    await expect(fetchCertificate(url('/redirect'))).rejects.toBeInstanceOf(CertificateUnavailable)
    expect(requests).toBe(1)
  })
  it('takes no more than 16 KiB', async () => {
    await expect(fetchCertificate(url('/huge'))).rejects.toBeInstanceOf(CertificateRefused)
    await expect(fetchCertificate(url('/endless'))).rejects.toBeInstanceOf(CertificateRefused)
  })
  it('waits no longer than it was told, and calls nothing forged that just did not come', async () => {
    const begun = performance.now()
    for (const path of ['/slow', '/broken', '/nothing']) {
      const failure = await fetchCertificate(url(path), 200).catch((error: unknown) => error)
      expect(failure, path).toBeInstanceOf(Error)
      expect(failure, path).not.toBeInstanceOf(CertificateRefused)
    }
    expect(performance.now() - begun).toBeLessThan(3_000)
  })
})
