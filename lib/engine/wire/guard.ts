import type { IncomingHttpHeaders } from 'node:http'
import { WireError } from './errors.ts'

const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]'])
const LOOPBACK_ADDRESS = /^(127\.[\d.]+|localhost|::1)$/

/**
 * Refuses what only a browser page would send: game clients and SDKs carry no Origin, and a name that was made to point
 * at this machine (DNS rebinding) is not one of ours. `boundTo` is the address the engine listens on.
 */
export function refuseBrowsers(headers: IncomingHttpHeaders, boundTo: string): void {
  if (headers.origin !== undefined) {
    throw new WireError('AccessDeniedException', 'Requests from web pages are refused: the Origin header is set.', 403)
  }
  if (headers['sec-fetch-site'] !== undefined && headers['sec-fetch-site'] !== 'none') {
    throw new WireError('AccessDeniedException', 'Requests from web pages are refused.', 403)
  }
  const name = hostName(headers.host)
  if (LOOPBACK_ADDRESS.test(boundTo) && name !== boundTo && !LOOPBACK_NAMES.has(name)) {
    throw new WireError(
      'AccessDeniedException',
      'This engine listens on loopback only: the Host header must be 127.0.0.1, localhost or [::1].',
      403,
    )
  }
}

/** A content type a page can send without asking first (text/plain, forms, none) is refused with 415. */
export function requireContentType(headers: IncomingHttpHeaders, allowed: readonly string[]): void {
  const given = mediaType(headers['content-type'])
  if (!allowed.includes(given)) {
    throw new WireError(
      'UnsupportedMediaTypeException',
      `The content type must be ${allowed.join(' or ')}${given ? `, not ${given.slice(0, 100)}` : ''}.`,
      415,
    )
  }
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') {
    throw new WireError('UnsupportedMediaTypeException', 'An encoded body is not supported.', 415)
  }
}

export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

function hostName(host: string | undefined): string {
  return (host ?? '').toLowerCase().replace(/:\d*$/, '')
}
