/** Rows that are measured together, and what they are measured with. */
import type { Databases } from './api/databases.ts'
import type { CaseResult } from './engine/cases.ts'
import type { Finding } from './rows.ts'
import type { WorkloadName } from './workload/workloads.ts'

export interface Bench {
  /** Fewer rounds, smaller pools. */
  quick: boolean
  /** How many tickets a row takes: `full` is what the goal speaks of, and less cannot prove it. */
  tickets(full: number, quick: number): number
  /** How many tickets the index has that reads are asked of. */
  indexRows: number
  /**
   * The best of each case over some rounds in which they take turns, each time in a fresh process. What was measured
   * together before is not measured again.
   */
  best<C extends string>(cases: readonly C[], workload: WorkloadName, tickets: number): Promise<Record<C, CaseResult>>
  /** For the rows that need one: a PostgreSQL, started when it is first asked for. */
  databases(): Promise<Databases>
  report(finding: Finding): void
}

export interface RowGroup {
  section: 'engine' | 'api' | 'db' | 'live' | 'web'
  /** Of the rows that it reports. */
  ids: readonly string[]
  measure(bench: Bench): Promise<void>
}
