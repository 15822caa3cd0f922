import type { BulkResult } from '#lib/bulk/views.ts'

export type ItemTab = 'all' | 'failed' | 'unknown' | 'other' | 'done' | 'waiting'

/** In the order somebody looks: what went wrong first. */
export const ITEM_TABS: readonly { name: ItemTab; words: string; results: readonly BulkResult[] | null }[] = [
  { name: 'all', words: 'All', results: null },
  { name: 'failed', words: 'Failed', results: ['failed'] },
  { name: 'unknown', words: 'Unknown', results: ['unknown', 'asking'] },
  { name: 'other', words: 'Too late or over', results: ['too-late', 'gone', 'already-finished'] },
  { name: 'done', words: 'Done', results: ['done'] },
  { name: 'waiting', words: 'Not asked', results: ['waiting'] },
]

export function readItemTab(given: string | null | undefined): ItemTab {
  return ITEM_TABS.find(({ name }) => name === given)?.name ?? 'all'
}
export function resultsOf(tab: ItemTab): readonly BulkResult[] | null {
  return ITEM_TABS.find(({ name }) => name === tab)?.results ?? null
}

/** null for what is no position. */
export function readPosition(given: string | null | undefined): number | null {
  return given && /^\d{1,4}$/.test(given) ? Number(given) : null
}
