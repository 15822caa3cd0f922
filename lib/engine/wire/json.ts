import { isUtf8 } from 'node:buffer'
import { serializationError, type WireError } from './errors.ts'
import { MAX_DEPTH, type Protocol } from './protocol.ts'

const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const QUOTE = 0x22
const BACKSLASH = 0x5c

/** AWS JSON 1.1. Timestamps are epoch seconds with a fraction. */
export const jsonProtocol = {
  contentType: 'application/x-amz-json-1.1',
  headers: {},
  decode(body: Buffer): unknown {
    if (body.length === 0) return {}
    if (!isUtf8(body)) throw serializationError('The request body is not valid UTF-8.')
    refuseDeepJson(body)
    try {
      return JSON.parse(body.toString())
    } catch (error) {
      throw serializationError(`The request body is not valid JSON: ${(error as Error).message}`)
    }
  },
  encode(output: Record<string, unknown>): string {
    return JSON.stringify(withEpochSeconds(output))
  },
  encodeError(error: WireError): string {
    return JSON.stringify({ __type: error.type, Message: error.message })
  },
} satisfies Protocol

/** Runs over the bytes before any parser does, so that depth never costs more than its own length. */
export function refuseDeepJson(body: Buffer): void {
  let depth = 0
  let inString = false
  for (let index = 0; index < body.length; index++) {
    const byte = body[index]
    if (inString) {
      if (byte === BACKSLASH) index++
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) {
      inString = true
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++depth > MAX_DEPTH) throw serializationError(`The request is nested deeper than ${MAX_DEPTH} levels.`)
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth--
    }
  }
}

function withEpochSeconds(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value.getTime() / 1000
  if (Array.isArray(value)) return value.map(withEpochSeconds)
  const copy: Record<string, unknown> = {}
  for (const key in value) copy[key] = withEpochSeconds((value as Record<string, unknown>)[key])
  return copy
}
