/** The certificates SNS signs with: fetched within bounds, checked, and kept while they are valid. */
import { type KeyObject, X509Certificate } from 'node:crypto'
import { certificateNames } from './topic.ts'

/** What came is no certificate of SNS. It will not become one by asking again. */
export class CertificateRefused extends Error {
  override name = 'CertificateRefused'
}
/** It could not be had just now. */
export class CertificateUnavailable extends Error {
  override name = 'CertificateUnavailable'
}

export interface CertificateStore {
  /** The public key at an address that `certificateUrl` has let through. Throws one of the two errors above. */
  keyFor(url: URL): Promise<KeyObject>
}

const MAX_KEPT = 16
/** More at a time than SNS can have reason for: somebody makes addresses up. */
const MAX_FETCHES = 8
/** An address that failed is not asked again for this long, or every message that names it would cost a request. */
const FAILED_FOR_MS = 5_000

type Failure = CertificateRefused | CertificateUnavailable

export function createCertificateStore(
  fetchPem: (url: URL) => Promise<Uint8Array>,
  now: () => number,
): CertificateStore {
  const kept = new Map<string, X509Certificate>()
  const failed = new Map<string, { error: Failure; until: number }>()
  const fetching = new Map<string, Promise<X509Certificate>>()

  async function load(url: URL): Promise<X509Certificate> {
    try {
      const certificate = read(await fetchPem(url))
      requireOfSns(certificate, url)
      requireValid(certificate, now())
      remember(kept, url.href, certificate)
      return certificate
    } catch (cause) {
      const error =
        cause instanceof CertificateRefused || cause instanceof CertificateUnavailable
          ? cause
          : new CertificateUnavailable(`The certificate at ${url.href} could not be fetched.`, { cause })
      remember(failed, url.href, { error, until: now() + FAILED_FOR_MS })
      throw error
    }
  }

  return {
    async keyFor(url) {
      const known = kept.get(url.href)
      if (known) {
        requireValid(known, now())
        remember(kept, url.href, known) // the one used last is dropped last
        return known.publicKey
      }
      const failure = failed.get(url.href)
      if (failure && failure.until > now()) throw failure.error
      let loading = fetching.get(url.href)
      if (!loading) {
        if (fetching.size >= MAX_FETCHES) {
          throw new CertificateUnavailable(`${MAX_FETCHES} certificates of SNS are being fetched already.`)
        }
        loading = load(url).finally(() => fetching.delete(url.href))
        fetching.set(url.href, loading)
      }
      return (await loading).publicKey
    },
  }
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > MAX_KEPT && oldest !== undefined) map.delete(oldest)
}

function read(pem: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (cause) {
    throw new CertificateRefused('What is at the address of the certificate is no certificate.', { cause })
  }
}

function requireOfSns(certificate: X509Certificate, url: URL): void {
  const names = certificateNames(url.host)
  if (!names.some((name) => certificate.checkHost(name, { wildcards: false }) !== undefined)) {
    throw new CertificateRefused(`The certificate is made out to ${certificate.subject}, not to SNS.`)
  }
  if (certificate.checkIssued(certificate)) throw new CertificateRefused('The certificate vouches for itself.')
  if (certificate.ca) throw new CertificateRefused('The certificate is that of an authority, not of SNS.')
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw new CertificateRefused('The key of the certificate is not RSA of 2,048 bits or more.')
  }
}

function requireValid(certificate: X509Certificate, now: number): void {
  if (now < certificate.validFromDate.getTime() || now > certificate.validToDate.getTime()) {
    throw new CertificateRefused(
      `The certificate is valid from ${certificate.validFrom} to ${certificate.validTo}, not now.`,
    )
  }
}
