export interface Holder {
  pid: number
  processStart: string | null
  /** ISO 8601. */
  since: string
  [fact: string]: unknown
}
export interface HeldLock {
  taken: true
  /** Replaces the facts beside pid and since. */
  update(facts: Record<string, unknown>): void
  release(): void
}
export function takeLock(file: string, facts?: Record<string, unknown>): HeldLock | { taken: false; holder: Holder }
export function readHolder(file: string): Holder | null
