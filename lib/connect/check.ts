/** What the page shows of a check. Types only, so that browser code may import this file. */

/** Run apart, so that each shows its answers as soon as it has them. */
export const CHECK_PARTS = ['who', 'reads', 'writes', 'channels'] as const
export type CheckPart = (typeof CHECK_PARTS)[number]

export interface Check {
  id: string
  /** What is asked, in words, with the permission's own name where there is one. */
  asks: string
  /** `refused`: AWS says no. `failed`: it could not be told. */
  state: 'ok' | 'refused' | 'failed'
  /** The exact words of whoever refused; what was learnt where it went well. */
  said: string | null
  /** The permission that is missing, when that is what was refused. */
  missing: string | null
}

export interface Found {
  checks: Check[]
  account?: string
  configurations?: string[]
  queues?: string[]
}
