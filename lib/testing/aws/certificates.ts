/**
 * X.509 certificates for tests: an authority of our own and what it signs. Node reads certificates but makes none, so the
 * few DER fields that are needed are written here.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

export interface TestCertificate {
  pem: string
  key: KeyObject
  keyPem: string
}

export interface CertificateWish {
  /** Common name, and a DNS name too unless `addresses` are given. */
  name: string
  /** IPv4 addresses a server answers at. */
  addresses?: readonly string[]
  from?: Date
  until?: Date
}

export interface TestAuthority {
  pem: string
  issue(wish: CertificateWish): TestCertificate
}

const DAY_MS = 86_400_000
const OID = {
  commonName: [0x55, 0x04, 0x03],
  sha256WithRsa: [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b],
  alternativeName: [0x55, 0x1d, 0x11],
  basicConstraints: [0x55, 0x1d, 0x13],
}

export function createAuthority(name = 'Matchdesk test authority'): TestAuthority {
  const own = selfSigned({ name })
  return {
    pem: own.pem,
    issue(wish) {
      const key = rsaKey()
      return { pem: certificate(wish, key, { name, key: own.key }, false), key, keyPem: keyText(key) }
    },
  }
}

/** Its own authority. */
export function selfSigned(wish: CertificateWish): TestCertificate {
  const key = rsaKey()
  return { pem: certificate(wish, key, { name: wish.name, key }, true), key, keyPem: keyText(key) }
}

function rsaKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
}

function keyText(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function certificate(
  { name, addresses = [], from, until }: CertificateWish,
  key: KeyObject,
  issuer: { name: string; key: KeyObject },
  isAuthority: boolean,
): string {
  const algorithm = sequence(objectId(OID.sha256WithRsa), der(0x05))
  const alternatives = addresses.length
    ? addresses.map((address) => der(0x87, Buffer.from(address.split('.').map(Number))))
    : [der(0x82, Buffer.from(name))]
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    algorithm,
    distinguishedName(issuer.name),
    sequence(time(from ?? new Date(Date.now() - DAY_MS)), time(until ?? new Date(Date.now() + DAY_MS))),
    distinguishedName(name),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      sequence(
        isAuthority
          ? extension(OID.basicConstraints, sequence(der(0x01, Buffer.from([0xff]))))
          : extension(OID.alternativeName, sequence(...alternatives)),
      ),
    ),
  )
  const signature = sign('sha256', body, issuer.key)
  const whole = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])))
  const lines = whole.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}

function distinguishedName(name: string): Buffer {
  return sequence(der(0x31, sequence(objectId(OID.commonName), der(0x0c, Buffer.from(name)))))
}

function extension(id: number[], value: Buffer): Buffer {
  return sequence(objectId(id), der(0x04, value))
}

/** GeneralizedTime: good for any year. */
function time(at: Date): Buffer {
  return der(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]|\.\d+Z$/g, '')}Z`))
}

function objectId(bytes: number[]): Buffer {
  return der(0x06, Buffer.from(bytes))
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts)
}

/** One field: tag, length, content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
