import type { ServerResponse } from 'node:http'
import { COMMON_HEADERS, NO_PAGE_POLICY, REFERRER_POLICY, STRICT_TRANSPORT } from './policy.ts'

interface Given {
  /** For a page; null where the address belongs to none. */
  policy: string | null
  /** A file of the build, which everybody may keep. */
  isFile: boolean
  /** Whether it is asked for over https. */
  isSecure: boolean
}

type Head = Record<string, string | string[] | undefined> | string[]

/** Sets the headers at the last moment, over whatever was set until then. A stricter policy or referrer rule stays. */
export function answerWith(response: ServerResponse, given: Given): void {
  const { writeHead } = response
  response.writeHead = (status: number, ...rest: unknown[]) => {
    response.writeHead = writeHead
    const last = rest.at(-1)
    // Given with the status they would come after ours.
    if (typeof last === 'object' && last !== null) setGiven(response, last as Head)
    setHeaders(response, given)
    return typeof rest[0] === 'string' ? response.writeHead(status, rest[0]) : response.writeHead(status)
  }
}

function setGiven(response: ServerResponse, head: Head): void {
  if (Array.isArray(head)) {
    for (let at = 0; at < head.length; at += 2) response.setHeader(head[at] ?? '', head[at + 1] ?? '')
  } else for (const [name, value] of Object.entries(head)) if (value !== undefined) response.setHeader(name, value)
}

function setHeaders(response: ServerResponse, { policy, isFile, isSecure }: Given): void {
  for (const name in COMMON_HEADERS) response.setHeader(name, COMMON_HEADERS[name as keyof typeof COMMON_HEADERS])
  response.removeHeader('x-powered-by')
  // Next sets some as lists of one.
  const own = String(response.getHeader('content-security-policy') ?? '')
  const isPage = String(response.getHeader('content-type') ?? '').startsWith('text/html')
  if (!own.startsWith("default-src 'none'")) {
    response.setHeader('content-security-policy', isPage && policy !== null ? policy : NO_PAGE_POLICY)
  }
  if (String(response.getHeader('referrer-policy')) !== 'no-referrer')
    response.setHeader('referrer-policy', REFERRER_POLICY)
  if (isSecure) response.setHeader('strict-transport-security', STRICT_TRANSPORT)
  if (!isFile && !String(response.getHeader('cache-control') ?? '').includes('no-store')) {
    response.setHeader('cache-control', 'no-store')
  }
}
