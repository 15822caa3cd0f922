import { CertificateRefused, CertificateUnavailable } from './certificates.ts'

/** Enough for a chain; a single one has about 2 KB. */
const MAX_BYTES = 16 * 1024

/** Fetches a certificate: within `withinMs`, no redirect followed, and no more than 16 KiB taken. */
export async function fetchCertificate(url: URL, withinMs = 3_000): Promise<Uint8Array> {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(withinMs) })
  if (response.status !== 200) {
    await response.body?.cancel()
    // Whatever stands between here and AWS may have answered: nothing that says the message is forged.
    throw new CertificateUnavailable(`${url.href} answered with status ${response.status}.`)
  }
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength
    if (length > MAX_BYTES) throw new CertificateRefused(`${url.href} is larger than ${MAX_BYTES} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
