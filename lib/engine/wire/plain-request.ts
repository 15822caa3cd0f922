/** A call as SDKs send it: AWS JSON to `/`, nothing unusual about the connection or the body. */
export interface PlainRequest {
  host: string
  /** The X-Amz-Target header. */
  target: string
  body: Buffer
}

const FIRST_LINE = 'POST / HTTP/1.1\r\n'
const HEAD_END = '\r\n\r\n'
const LONGEST_HEAD = 8_192
// One pass, nothing to go back to: every character has one place where it may be.
const HEAD = /^POST \/ HTTP\/1\.1(?:\r\n[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e]*)+$/
const LENGTH = /^\d{1,7}$/
const JSON_TYPE = /^application\/(?:x-amz-json-1\.1|json)$/

type Needed = 'host' | 'x-amz-target' | 'content-type' | 'content-length'
const NEEDED: ReadonlySet<string> = new Set<Needed>(['host', 'x-amz-target', 'content-type', 'content-length'])
/** What the guards judge, or what changes how the body or the connection is read. */
const UNUSUAL: ReadonlySet<string> = new Set([
  ...['transfer-encoding', 'content-encoding', 'trailer', 'te', 'expect', 'upgrade', 'proxy-connection', 'keep-alive'],
  ...['smithy-protocol', 'origin', 'sec-fetch-site'],
])

/**
 * Reads bytes that are exactly one plain request. null for everything else, be it legal or not, complete or not: the HTTP
 * server is there for that.
 */
export function readPlainRequest(bytes: Buffer): PlainRequest | null {
  const end = bytes.indexOf(HEAD_END)
  if (end < 0 || end > LONGEST_HEAD) return null
  const head = bytes.toString('latin1', 0, end)
  if (!HEAD.test(head)) return null
  const found: Partial<Record<Needed, string>> = {}
  for (let at = FIRST_LINE.length; at < end; ) {
    const colon = head.indexOf(':', at)
    const lineEnd = head.indexOf('\r\n', colon)
    const valueEnd = lineEnd < 0 ? end : lineEnd
    const name = head.slice(at, colon).toLowerCase()
    at = valueEnd + 2
    if (NEEDED.has(name)) {
      if (found[name as Needed] !== undefined) return null
      found[name as Needed] = head.slice(colon + 1, valueEnd).trim()
    } else if (UNUSUAL.has(name)) {
      return null
    } else if (
      name === 'connection' &&
      head
        .slice(colon + 1, valueEnd)
        .trim()
        .toLowerCase() !== 'keep-alive'
    ) {
      return null
    }
  }
  const { host, 'x-amz-target': target, 'content-type': type, 'content-length': length } = found
  if (host === undefined || target === undefined || type === undefined || length === undefined) return null
  if (!JSON_TYPE.test(type) || !LENGTH.test(length)) return null
  const body = bytes.subarray(end + HEAD_END.length)
  return body.length === Number(length) ? { host, target, body } : null
}
