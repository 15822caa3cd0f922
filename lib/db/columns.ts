/**
 * Columns of many rows as one parameter each, for `unnest($1::text[], $2::timestamptz[], …)`: arrays in PostgreSQL's binary
 * form. As text both sides would escape, scan and parse every value, which costs as much as storing it.
 */

/** Element types by their number in PostgreSQL's catalogue. */
const TEXT = 25
const JSONB = 3802
const BOOLEAN = 16
const INTEGER = 23
const BIGINT = 20
const DOUBLE = 701
const TIMESTAMPTZ = 1184
const DATE = 1082

const HEADER_BYTES = 20
/** Before each element. */
const LENGTH_BYTES = 4
const NULL_LENGTH = -1
const JSONB_VERSION = 1
/** PostgreSQL counts from 2000 on. */
const EPOCH_MS = Date.UTC(2000, 0, 1)
const DAY_MS = 86_400_000

/** `text[]`. */
export function texts(values: readonly (string | null)[]): Buffer {
  return ofTexts(TEXT, values, null)
}

/** `jsonb[]`, of JSON texts. */
export function jsons(values: readonly (string | null)[]): Buffer {
  return ofTexts(JSONB, values, JSONB_VERSION)
}

/** `boolean[]`. */
export function booleans(values: readonly (boolean | null)[]): Buffer {
  return ofOneSize(BOOLEAN, 1, values, (buffer, value, at) => buffer.writeUInt8(value ? 1 : 0, at))
}

/** `int[]`, of whole numbers. */
export function integers(values: readonly (number | null)[]): Buffer {
  return ofOneSize(INTEGER, 4, values, (buffer, value, at) => buffer.writeInt32BE(value, at))
}

/** `bigint[]`, of whole numbers. */
export function bigints(values: readonly (number | null)[]): Buffer {
  return ofOneSize(BIGINT, 8, values, (buffer, value, at) => buffer.writeBigInt64BE(BigInt(value), at))
}

/** `double precision[]`. */
export function doubles(values: readonly (number | null)[]): Buffer {
  return ofOneSize(DOUBLE, 8, values, (buffer, value, at) => buffer.writeDoubleBE(value, at))
}

/** `timestamptz[]`, of epoch ms. Throws for what is no time. */
export function times(values: readonly (number | null)[]): Buffer {
  return ofOneSize(TIMESTAMPTZ, 8, values, (buffer, value, at) =>
    buffer.writeBigInt64BE(BigInt(Math.trunc(value) - EPOCH_MS) * 1000n, at),
  )
}

/** `date[]`: the UTC days of epoch ms. */
export function days(values: readonly number[]): Buffer {
  return ofOneSize(DATE, 4, values, (buffer, value, at) =>
    buffer.writeInt32BE(Math.floor((value - EPOCH_MS) / DAY_MS), at),
  )
}

function ofTexts(type: number, values: readonly (string | null)[], version: number | null): Buffer {
  const before = version === null ? 0 : 1
  let bytes = HEADER_BYTES
  for (const value of values) {
    bytes += LENGTH_BYTES
    if (value !== null) bytes += before + Buffer.byteLength(value)
  }
  const buffer = Buffer.allocUnsafe(bytes)
  let at = writeHeader(buffer, type, values.length)
  for (const value of values) {
    const start = at + LENGTH_BYTES
    if (value === null) {
      at = buffer.writeInt32BE(NULL_LENGTH, at)
      continue
    }
    if (version !== null) buffer.writeUInt8(version, start)
    const length = before + buffer.write(value, start + before)
    buffer.writeInt32BE(length, at)
    at = start + length
  }
  return buffer.subarray(0, at)
}

function ofOneSize<T>(
  type: number,
  size: number,
  values: readonly (T | null)[],
  write: (buffer: Buffer, value: T, at: number) => void,
): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + values.length * (LENGTH_BYTES + size))
  let at = writeHeader(buffer, type, values.length)
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? NULL_LENGTH : size, at)
    if (value === null) continue
    write(buffer, value, at)
    at += size
  }
  return buffer.subarray(0, at)
}

/** One dimension that begins at 1. Without elements there is none, and what follows is not sent. */
function writeHeader(buffer: Buffer, type: number, length: number): number {
  buffer.writeInt32BE(length === 0 ? 0 : 1, 0)
  buffer.writeInt32BE(1, 4) // there may be nulls
  buffer.writeInt32BE(type, 8)
  if (length === 0) return 12
  buffer.writeInt32BE(length, 12)
  return buffer.writeInt32BE(1, 16)
}
