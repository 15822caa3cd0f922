/** What the pages of bulk runs read. Times are ISO 8601 UTC text. browser code imports this. */
import type { Ask } from '#lib/access/roles.ts'
import type { IndexedStatus } from '#lib/flexmatch/status.ts'
import type { TicketFilter } from '#lib/tickets/views.ts'

export type BulkAction = 'cancel' | 'accept' | 'reject'
export type BulkState = 'previewed' | 'running' | 'paused' | 'aborted' | 'finished'

export const BULK_RESULTS = [
  'waiting', // not asked yet
  'asking', // the intent is on disk, the answer is not
  'done', // GameLift took it
  'too-late', // being placed, or not waiting for an answer any more
  'gone', // GameLift no longer knows the ticket
  'already-finished',
  'unknown', // asked, and nobody knows yet whether it had its effect: a describe will tell
  'failed', // refused for another reason, which is kept
] as const
export type BulkResult = (typeof BULK_RESULTS)[number]
export type BulkCounts = Record<BulkResult, number>

/** Above this many tickets what is confirmed has to be typed. */
export const TYPED_ABOVE = 50

/** What is typed to confirm: where, and how many. */
export function confirmWord(environment: string, count: number): string {
  return `${environment} ${count}`
}

/** What can be chosen. The cursor of a list chooses nothing. */
export type BulkFilter = Omit<TicketFilter, 'cursor'>
export type BulkSelection =
  | { ticketIds: readonly string[] }
  | { filter: BulkFilter }
  /** Of an earlier run: `left` what failed, is in doubt or was never asked; `all` exactly its tickets, whatever the filter lists now. */
  | { run: string; which: 'left' | 'all' }

export interface BulkPreviewView {
  bulkId: string
  action: BulkAction
  count: number
  /** The first ten ticket ids. */
  samples: string[]
  /** What was chosen, in words. */
  words: string
  /** Chosen tickets that cannot be acted upon and are left out. */
  leftOut: number
  /** Whether more matched than one run takes. */
  more: boolean
  /** What has to be given to confirm, and the word for where it has to be typed. */
  ask: Ask
  word: string
  until: string
  /** Known to the one who previewed, and good once. Missing when a click was repeated. */
  token?: string
}

export interface BulkItemView {
  position: number
  ticketId: string
  result: BulkResult
  reason: string | null
  tries: number
  askedAt: string | null
  settledAt: string | null
  /** How many players an answer is for; null for the whole ticket. */
  playerCount: number | null
  /** What the index says of the ticket now; null when it knows none. */
  status: IndexedStatus | null
}

export interface BulkRunRow {
  bulkId: string
  action: BulkAction
  state: BulkState
  total: number
  counts: BulkCounts
  words: string
  by: string
  startedAt: string
  finishedAt: string | null
}
export interface BulkRunView extends BulkRunRow {
  /** Of the click that confirmed it: the audit trail has each call of the run under it. */
  requestId: string
  reason: string | null
  more: boolean
  /** What it waits for, or was paused by. */
  problem: { text: string; at: string } | null
  retryOf: string | null
  /** The newest run that tries its failures again. */
  retriedBy: string | null
  /** What failed first: at most five. */
  firstFailed: BulkItemView[]
}
export interface BulkItemPage {
  rows: BulkItemView[]
  /** Position to go on after; null after the last. */
  next: number | null
}
