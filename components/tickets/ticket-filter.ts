import { INDEXED_STATUSES, TICKET_KINDS } from '#lib/flexmatch/status.ts'
import type { TicketFilter, TicketTab } from '#lib/tickets/views.ts'

/** What a page shows without any parameter. */
export const NO_FILTER: TicketFilter = {
  tab: 'open',
  configuration: null,
  kind: null,
  playerId: null,
  ticketId: null,
  minAgeSeconds: null,
  presumed: false,
  order: 'newest',
  cursor: null,
}

/** Nothing but the tab decides what is listed. */
export const UNNARROWED = {
  configuration: null,
  kind: null,
  playerId: null,
  ticketId: null,
  minAgeSeconds: null,
  presumed: false,
} as const satisfies Partial<TicketFilter>

const TABS: readonly TicketTab[] = ['open', 'all', ...INDEXED_STATUSES]

/** What `useSearchParams` and `new URLSearchParams(…)` have in common. */
interface Parameters {
  get(name: string): string | null
}

/** The list's state from its address. What an address cannot mean is left out, never an error. */
export function parseTicketFilter(parameters: Parameters): TicketFilter {
  return {
    tab: oneOf(TABS, parameters.get('tab')) ?? NO_FILTER.tab,
    configuration: text(parameters.get('configuration'), 256),
    kind: oneOf(TICKET_KINDS, parameters.get('kind')),
    playerId: text(parameters.get('playerId'), 1024),
    ticketId: text(parameters.get('ticketId'), 128),
    minAgeSeconds: age(parameters.get('minAgeSeconds')),
    presumed: parameters.get('presumed') === '1',
    order: parameters.get('order') === 'oldest' ? 'oldest' : 'newest',
    cursor: text(parameters.get('cursor'), 4096),
  }
}

/** The other way: only what differs from the default, always in the same order. `''` or `?…`. */
export function ticketFilterQuery(filter: TicketFilter): string {
  const parameters = new URLSearchParams()
  for (const name of Object.keys(NO_FILTER) as (keyof TicketFilter)[]) {
    const value = filter[name]
    if (value !== null && value !== NO_FILTER[name]) parameters.set(name, value === true ? '1' : String(value))
  }
  const query = parameters.toString()
  return query && `?${query}`
}

/** A change of what is listed starts at the first page: a cursor belongs to the list it came from. */
export function changeFilter(filter: TicketFilter, change: Partial<TicketFilter>): TicketFilter {
  return { ...filter, cursor: null, ...change }
}

/** Whether anything but the tab narrows the list. */
export function narrows(filter: TicketFilter): boolean {
  return (Object.keys(UNNARROWED) as (keyof typeof UNNARROWED)[]).some((name) => filter[name] !== UNNARROWED[name])
}

/** Whether the counts of the tabs narrow with this list: they know configurations, kinds and what is presumed, nothing else. */
export function countsAreOfList(filter: TicketFilter): boolean {
  return filter.playerId === null && filter.ticketId === null && filter.minAgeSeconds === null
}

function oneOf<T extends string>(allowed: readonly T[], value: string | null): T | null {
  return allowed.find((one) => one === value) ?? null
}

function text(value: string | null, maxLength: number): string | null {
  // Not trimmed: a player id may begin or end with a space.
  return value === null || value.trim() === '' || value.length > maxLength ? null : value
}

/** Seconds, at most a year. */
function age(value: string | null): number | null {
  if (!value || !/^\d{1,8}$/.test(value)) return null
  const seconds = Number(value)
  return seconds >= 1 && seconds <= 31_536_000 ? seconds : null
}
