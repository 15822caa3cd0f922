import { randomUUID } from 'node:crypto'

const PROCESS = randomUUID().slice(0, 24)
let count = 0

/** Unique, in the form of a UUID; not secret, so a count is enough. */
export function newRequestId(): string {
  return PROCESS + (++count).toString(16).padStart(12, '0')
}
