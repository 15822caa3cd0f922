/** What a request says of itself, read before anybody believes any of it. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** Where the address of the client is handed on. What a client sends under this name is overwritten. */
export const ADDRESS_HEADER = 'x-matchdesk-address'

/**
 * Headers by which proxies speak to each other and Next to itself. From a client each of them is a claim, about who asks,
 * where from, or that a check was made already.
 */
const CLAIMS =
  /^(forwarded|via|true-client-ip|client-ip|proxy|x-(forwarded|middleware|invoke|matched|nextjs|next|now|vercel|original|rewrite|real|client|cluster|envoy|remote|host|http-method|http-method-override|method|prerender|proxy|url|waf|custom-ip|originating|cdn|action)\b.*|content-security-policy.*)$/
/** Next's own pages ask with these in development. */
const DEVELOPMENT = /^x-nextjs-/

/**
 * Takes claims away. With `trustedHops` proxies in front, the address of the client is what the outermost of them saw;
 * otherwise it is whoever is connected.
 */
export function dropClaims(request: Pick<IncomingMessage, 'headers' | 'socket'>, trustedHops: number): void {
  const { headers } = request
  const address = clientAddress(headers, request.socket.remoteAddress ?? '', trustedHops)
  for (const name in headers) {
    if (!CLAIMS.test(name)) continue
    if (process.env.NODE_ENV === 'development' && DEVELOPMENT.test(name)) continue
    delete headers[name]
  }
  headers[ADDRESS_HEADER] = address
}

/** Each proxy adds on the right whom it heard: what stands further left than we have proxies, anybody may have written. */
export function clientAddress(headers: IncomingHttpHeaders, connected: string, trustedHops: number): string {
  if (trustedHops === 0) return connected
  const said = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
  const address = said.at(-trustedHops)?.trim()
  return address && /^[0-9a-fA-F.:]{2,45}$/.test(address) ? address : connected
}

export interface Target {
  /** As it came, without the question mark and what follows. */
  path: string
  isApi: boolean
  /** Where senders deliver events. */
  isIngest: boolean
  /** A file of the build, the same for everybody. */
  isFile: boolean
}

/** What is asked for; null where two programs could read two things in it. */
export function readTarget(url: string): Target | null {
  const [path = ''] = url.split('?', 1)
  if (!path.startsWith('/') || /[\\#]/.test(path)) return null
  // Next resolves these: what was looked at would not be what is answered.
  if (/\/(\.|%2e){1,2}(\/|$)/i.test(path)) return null
  try {
    decodeURIComponent(path)
  } catch {
    return null
  }
  return {
    path,
    isApi: path.startsWith('/api/'),
    isIngest: path.startsWith('/api/ingest/'),
    isFile: path.startsWith('/_next/static/') || path === '/icon.svg',
  }
}
