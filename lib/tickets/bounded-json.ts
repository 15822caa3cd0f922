/** Reading a JSON body from a stranger: bounded in bytes, time and shape before anything is parsed. */
import { shapeProblem } from '#lib/web/json-shape.ts'

export class BodyRefused extends Error {
  /** 400, 408 or 413. */
  readonly status: number
  /** Whether it may be good when it is sent again: it was slow or broke off on the way. */
  readonly again: boolean
  constructor(status: number, message: string, again = false) {
    super(message)
    this.name = 'BodyRefused'
    this.status = status
    this.again = again
  }
}

export interface BodyLimits {
  maxBytes: number
  maxDepth: number
  maxReadMs: number
}
type Incoming = Pick<Request, 'headers' | 'body'>
/** Of one object or list: more than a delivery of events has in any place. */
export const MAX_MEMBERS = 10_000

/** The parsed body, in which nothing stands twice or under a name of prototypes. Throws BodyRefused with what is wrong with it. */
export async function readBoundedJson(request: Incoming, limits: BodyLimits): Promise<unknown> {
  const text = await readText(request, limits)
  const problem = shapeProblem(text, { maxDepth: limits.maxDepth, maxMembers: MAX_MEMBERS })
  if (problem !== null) throw new BodyRefused(400, `The body ${problem}.`)
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new BodyRefused(400, `The body is not JSON: ${(error as Error).message}.`)
  }
}

/** The text of a body that is to be parsed as JSON and may be: no deeper than the limit. Throws BodyRefused. */
export async function readBoundedText(request: Incoming, limits: BodyLimits): Promise<string> {
  const text = await readText(request, limits)
  // JSON.parse takes a million levels without complaint; what comes after it does not.
  if (depthExceeds(text, limits.maxDepth)) {
    throw new BodyRefused(400, `The body is nested deeper than ${limits.maxDepth} levels.`)
  }
  return text
}

async function readText(request: Incoming, limits: BodyLimits): Promise<string> {
  const encoding = request.headers.get('content-encoding')
  if (encoding && encoding.toLowerCase() !== 'identity') {
    throw new BodyRefused(400, `The body is sent with content-encoding ${encoding}; send it as it is.`)
  }
  const bytes = await readBytes(request, limits)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new BodyRefused(400, 'The body is not UTF-8 text.')
  }
}

async function readBytes({ headers, body }: Incoming, { maxBytes, maxReadMs }: BodyLimits): Promise<Uint8Array> {
  const tooLarge = new BodyRefused(413, `The body is larger than ${maxBytes} bytes.`)
  const declared = headers.get('content-length')
  if (declared !== null && Number(declared) > maxBytes) {
    await body?.cancel().catch(() => undefined)
    throw tooLarge
  }
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = body?.getReader()
  if (reader) {
    let late: NodeJS.Timeout | undefined
    const deadline = new Promise<never>((_, reject) => {
      late = setTimeout(
        () => reject(new BodyRefused(408, `The body did not arrive within ${maxReadMs / 1000} s.`, true)),
        maxReadMs,
      )
    })
    try {
      for (;;) {
        const { done, value } = await Promise.race([reader.read(), deadline])
        if (done) break
        length += value.byteLength
        if (length > maxBytes) throw tooLarge
        chunks.push(value)
      }
    } catch (error) {
      reader.cancel().catch(() => undefined)
      throw error instanceof BodyRefused ? error : new BodyRefused(400, 'The body broke off.', true)
    } finally {
      clearTimeout(late)
    }
  }
  // A proxy in between may cut a body short without a word.
  if (declared !== null && Number(declared) !== length) {
    throw new BodyRefused(400, `The body has ${length} bytes, but content-length says ${declared}.`, true)
  }
  return Buffer.concat(chunks)
}

/** Counts brackets outside of strings, without building anything. */
export function depthExceeds(text: string, maxDepth: number): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (inString) {
      if (code === BACKSLASH) index++
      else if (code === QUOTE) inString = false
    } else if (code === QUOTE) inString = true
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (++depth > maxDepth) return true
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--
  }
  return false
}
const [QUOTE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [34, 92, 123, 125, 91, 93]
