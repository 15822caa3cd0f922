import { isUtf8 } from 'node:buffer'
import { decode, type EncodeOptions, encode, Token, Tokenizer, Type } from 'cborg'
import { serializationError, type WireError } from './errors.ts'
import { MAX_DEPTH, type Protocol } from './protocol.ts'

const EPOCH_TAG = 1
const INDEFINITE_BYTES = 0x5f
const INDEFINITE_TEXT = 0x7f
const BREAK = 0xff

/** Smithy RPC v2 CBOR: timestamps are tag 1 with a double, doubles are never shortened, strings may come in pieces. */
export const cborProtocol = {
  contentType: 'application/cbor',
  headers: { 'smithy-protocol': 'rpc-v2-cbor' },
  decode(body: Buffer): unknown {
    if (body.length === 0) return {}
    try {
      const bytes = new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
      return decode(bytes, { tokenizer: new BoundedTokenizer(bytes), tags: TAGS })
    } catch (error) {
      throw serializationError(`The request body is not valid CBOR: ${(error as Error).message}`)
    }
  },
  encode(output: Record<string, unknown>): Buffer {
    return Buffer.from(encode(withDoubles(output), ENCODING))
  },
  encodeError(error: WireError): Buffer {
    const message = error.message
    // Clients differ in which spelling they read.
    return Buffer.from(encode({ __type: `com.amazonaws.gamelift#${error.type}`, Message: message, message }, ENCODING))
  },
} satisfies Protocol

/** No input member is tagged; a tag on a member we ignore must not fail the request. */
const TAGS = Object.fromEntries([0, 1, 2, 3, 4, 5].map((tag) => [tag, (content: () => unknown) => content()]))

const ENCODING: EncodeOptions = {
  float64: true,
  ignoreUndefinedProperties: true, // JSON leaves them out too
  typeEncoders: {
    Date: (date: Date) => [new Token(Type.tag, EPOCH_TAG), new Token(Type.float, date.getTime() / 1000)],
    Float64Array: (boxed: Float64Array) => new Token(Type.float, boxed[0]),
  },
}

/**
 * cborg's tokenizer with what a request from outside needs: a bound on nesting, strings in pieces, and a refusal of text
 * that is not UTF-8 (which would otherwise be replaced silently).
 */
class BoundedTokenizer extends Tokenizer {
  /** Items still to come per open container; Infinity where a break ends it. */
  readonly #open: number[] = []

  constructor(data: Uint8Array) {
    super(data, { allowBigInt: true })
  }

  override next(): Token {
    const start = this._pos
    const first = this.data[start]
    const token =
      first === INDEFINITE_BYTES || first === INDEFINITE_TEXT ? this.#joinPieces(first) : this.#single(start)
    this.#count(token)
    return token
  }

  #single(start: number): Token {
    const token = super.next()
    if (token.type === Type.string && token.value.includes('\ufffd')) {
      const end = this._pos
      // A head byte of a short text is ASCII itself; longer heads are cut off by their known size.
      const argument = (this.data[start] ?? 0) & 31
      const headBytes = argument < 24 ? 1 : 1 + 2 ** (argument - 24)
      if (!isUtf8(this.data.subarray(start + headBytes, end))) throw new Error('text that is not UTF-8')
    }
    return token
  }

  #joinPieces(first: number): Token {
    const start = this._pos++
    const type = first === INDEFINITE_TEXT ? Type.string : Type.bytes
    const pieces: (string | Uint8Array)[] = []
    while (this.data[this._pos] !== BREAK) {
      if (this.done()) throw new Error('a string that does not end')
      const piece = this.#single(this._pos)
      if (piece.type !== type) throw new Error('a piece of another type in a string')
      pieces.push(piece.value)
    }
    this._pos++
    const value = type === Type.string ? pieces.join('') : Buffer.concat(pieces as Uint8Array[])
    return new Token(type, value, this._pos - start)
  }

  #count(token: Token): void {
    const open = this.#open
    if (token.type === Type.break) {
      open.pop()
    } else if (open.length > 0) {
      open[open.length - 1] = (open.at(-1) ?? 0) - 1
    }
    if (token.type === Type.array) open.push(token.value)
    else if (token.type === Type.map) open.push(token.value * 2)
    else if (token.type === Type.tag) open.push(1)
    while (open.length > 0 && open.at(-1) === 0) open.pop()
    if (open.length > MAX_DEPTH) throw new Error(`nested deeper than ${MAX_DEPTH} levels`)
  }
}

/** The only doubles in these outputs are attribute values: boxed, so that a whole number is still written as a double. */
function withDoubles(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (Array.isArray(value)) return value.map(withDoubles)
  const copy: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    copy[key] = key === 'PlayerAttributes' ? mapValues(item, attributeWithDoubles) : withDoubles(item)
  }
  return copy
}

function attributeWithDoubles(attribute: unknown): unknown {
  const { N, SDM, ...rest } = attribute as { N?: number; SDM?: Record<string, number> }
  return {
    ...rest,
    ...(N === undefined ? {} : { N: double(N) }),
    ...(SDM === undefined ? {} : { SDM: mapValues(SDM, (item) => double(item as number)) }),
  }
}

function mapValues(value: unknown, change: (item: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, change(item)]))
}

function double(value: number): Float64Array {
  return Float64Array.of(value)
}
