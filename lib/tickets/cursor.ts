import { AppError } from '#lib/flexmatch/result.ts'

/** The last row of a page: its time and its id, which breaks ties. Opaque to callers, checked when it comes back. */
export interface Cursor {
  /** Epoch ms; null where pages are ordered by id alone. */
  time: number | null
  id: string
}

export function writeCursor({ time, id }: Cursor): string {
  return Buffer.from(JSON.stringify([time, id])).toString('base64url')
}

/** null for no cursor. Throws AppError INVALID_INPUT for anything this program did not write. */
export function readCursor(text: string | null): Cursor | null {
  if (text === null) return null
  const refused = new AppError('INVALID_INPUT', 'The page address names a place in the list that does not exist.')
  if (text.length > 4096 || !/^[A-Za-z0-9_-]+$/.test(text)) throw refused
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    throw refused
  }
  if (!Array.isArray(value) || value.length !== 2) throw refused
  const [time, id] = value as unknown[]
  if (typeof id !== 'string' || id.includes('\0') || id.length > 1024) throw refused
  if (time !== null && !(Number.isSafeInteger(time) && Math.abs(time as number) < 8e14)) throw refused
  return { time: time as number | null, id }
}

/** Cuts what was read for one page and one row more into the page and where the next begins. */
export function cutPage<Row, Shown>(
  found: readonly Row[],
  size: number,
  show: (row: Row) => Shown,
  place: (row: Row) => Cursor,
): { rows: Shown[]; nextCursor: string | null } {
  const page = found.slice(0, size)
  const last = page.at(-1)
  return { rows: page.map(show), nextCursor: found.length > size && last ? writeCursor(place(last)) : null }
}
