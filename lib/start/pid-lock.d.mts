/** A process, told from a later one with the same number. */
export interface ProcessIdentity {
  pid: number
  processStart: string | null
}
export interface Holder extends ProcessIdentity {
  /** ISO 8601. */
  since: string
  [fact: string]: unknown
}
export interface HeldLock {
  taken: true
  /** What a holder that died had written. */
  previous: Holder | null
  /** Replaces the facts beside pid and since. */
  update(facts: Record<string, unknown>): void
  release(): void
}
export function takeLock(file: string, facts?: Record<string, unknown>): HeldLock | { taken: false; holder: Holder }
export function readHolder(file: string): Holder | null
export function isRunning(identity: ProcessIdentity): boolean
export function processStart(pid: number): string | null
