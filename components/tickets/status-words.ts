import type { IndexedStatus, TicketKind } from '#lib/flexmatch/status.ts'
import type { TicketTab } from '#lib/tickets/views.ts'

/** What the status is called on screen. GameLift's own spelling stays beside it wherever there is room. */
export const STATUS_WORDS: Record<IndexedStatus, string> = {
  QUEUED: 'Queued',
  SEARCHING: 'Searching',
  REQUIRES_ACCEPTANCE: 'Needs acceptance',
  PLACING: 'Placing',
  COMPLETED: 'Completed',
  CANCELLED: 'Cancelled',
  TIMED_OUT: 'Timed out',
  FAILED: 'Failed',
  GONE: 'Gone',
}

export const TAB_WORDS: Record<TicketTab, string> = { ...STATUS_WORDS, open: 'Open', all: 'All' }

/** Tabs in the order they are shown: what is open, what has ended, everything. */
export const OPEN_TABS = ['open', 'QUEUED', 'SEARCHING', 'REQUIRES_ACCEPTANCE', 'PLACING'] as const
export const ENDED_TABS = ['COMPLETED', 'CANCELLED', 'TIMED_OUT', 'FAILED', 'GONE'] as const

export const KIND_WORDS: Record<TicketKind, string> = {
  new: 'New match',
  backfill: 'Backfill',
  'auto-backfill': 'Automatic backfill',
}
