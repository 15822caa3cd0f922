import type { BulkFilter, BulkSelection } from './views.ts'

const KIND_WORDS = { new: 'new match', backfill: 'backfill', 'auto-backfill': 'automatic backfill' }

/** What a filter lists, in words: "open tickets of configuration ranked, started at least 60 s ago". */
export function filterWords(filter: BulkFilter): string {
  const which = filter.tab === 'open' || filter.tab === 'all' ? 'open tickets' : `tickets in ${filter.tab}`
  const parts = [
    filter.configuration !== null && `of configuration ${filter.configuration}`,
    filter.kind !== null && `of the kind ${KIND_WORDS[filter.kind]}`,
    // Whose it is stays out of what everybody may read.
    filter.playerId !== null && 'with a certain player',
    filter.ticketId !== null && `whose id starts with ${filter.ticketId}`,
    filter.minAgeSeconds !== null && `started at least ${filter.minAgeSeconds} s ago`,
    filter.presumed && 'whose status is presumed',
  ].filter((part) => part !== false)
  return `${parts.length > 0 ? '' : 'all '}${which}${parts.length > 0 ? ` ${parts.join(', ')}` : ''}`
}

export function selectionWords(selection: Exclude<BulkSelection, { run: string }>): string {
  if ('filter' in selection) return filterWords(selection.filter)
  const { length } = selection.ticketIds
  return length === 1 ? '1 ticket chosen one by one' : `${length} tickets chosen one by one`
}
