import type { WireError } from './errors.ts'

/** One way of writing requests and answers. The server picks it by path and headers before it reads the body. */
export interface Protocol {
  contentType: string
  /** Sent with every answer beside the content type. */
  headers: Readonly<Record<string, string>>
  /** Throws SerializationException. An empty body is an empty request. */
  decode(body: Buffer): unknown
  /** `Date` becomes the protocol's timestamp. */
  encode(output: Record<string, unknown>): string | Buffer
  encodeError(error: WireError): string | Buffer
}

/** Deeper than anything the API defines, far from what a recursive reader could choke on. */
export const MAX_DEPTH = 32
