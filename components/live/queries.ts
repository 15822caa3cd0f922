import type { ItemTab } from '#components/bulk/item-tabs.ts'
import { ticketFilterQuery } from '#components/tickets/ticket-filter.ts'
import type { SwitchView } from '#lib/access/switches.ts'
import type { BulkItemPage, BulkRunRow, BulkRunView } from '#lib/bulk/views.ts'
import type {
  ConfigurationView,
  DemoView,
  EnvironmentStateView,
  FoundInEnvironment,
  IntegrityView,
  MatchRow,
  MatchView,
  OverviewView,
  PageOf,
  QueueStateView,
  RatesView,
  RuleSetView,
  SearchResult,
  SessionPage,
  SessionView,
  SetAsideRow,
  TicketCounts,
  TicketFilter,
  TicketPage,
  TicketView,
} from '#lib/tickets/views.ts'
import { fetchJson } from './fetch-json.ts'
import type { QueryOptions } from './use-query.tsx'

/**
 * Every question the pages ask, once: its key, under which the server writes the first answer, and its GET route. The
 * first word of a key says what it is about and is what a change hint is matched against.
 */
function question<T>(key: readonly [string, ...unknown[]], path: string | null): QueryOptions<T> {
  return { queryKey: key, queryFn: path === null ? null : ({ signal }) => fetchJson<T>(path, signal) }
}
const api = (environment: string, rest: string) => `/api/${encodeURIComponent(environment)}/${rest}`
const after = (cursor: string | null) => (cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`)

export const queries = {
  overview: (environment: string) => question<OverviewView>(['overview', environment], api(environment, 'overview')),
  /** null: too many to count. */
  counts: (
    environment: string,
    { configuration, kind, presumed }: Pick<TicketFilter, 'configuration' | 'kind' | 'presumed'>,
  ) => {
    const parameters = new URLSearchParams()
    if (configuration !== null) parameters.set('configuration', configuration)
    if (kind !== null) parameters.set('kind', kind)
    if (presumed) parameters.set('presumed', '1')
    const query = parameters.size > 0 ? `?${parameters}` : ''
    const key = ['counts', environment, configuration, kind, presumed] as const
    return {
      ...question<TicketCounts | null>(key, api(environment, `counts${query}`)),
      keepPreviousData: true,
    }
  },
  tickets: (environment: string, filter: TicketFilter) => ({
    ...question<TicketPage>(['tickets', environment, filter], api(environment, `tickets${ticketFilterQuery(filter)}`)),
    keepPreviousData: true,
  }),
  /** Asks nothing for null. */
  ticket: (environment: string, ticketId: string | null) =>
    question<TicketView>(
      ['ticket', environment, ticketId],
      ticketId === null ? null : api(environment, `tickets/${encodeURIComponent(ticketId)}`),
    ),
  matches: (environment: string, cursor: string | null) =>
    question<PageOf<MatchRow>>(['matches', environment, cursor], api(environment, `matches${after(cursor)}`)),
  match: (environment: string, matchId: string) =>
    question<MatchView>(['match', environment, matchId], api(environment, `matches/${encodeURIComponent(matchId)}`)),
  sessions: (environment: string, cursor: string | null) =>
    question<SessionPage>(['sessions', environment, cursor], api(environment, `sessions${after(cursor)}`)),
  session: (environment: string, gameSessionArn: string) =>
    question<SessionView>(
      ['session', environment, gameSessionArn],
      api(environment, `sessions/${encodeURIComponent(gameSessionArn)}`),
    ),
  configurations: (environment: string) =>
    question<PageOf<ConfigurationView>>(['configurations', environment], api(environment, 'configurations')),
  ruleSets: (environment: string) =>
    question<PageOf<RuleSetView>>(['rule-sets', environment], api(environment, 'rule-sets')),
  /** What an id is the name of, for a page that found nothing under it. */
  find: (environment: string, id: string) =>
    question<SearchResult>(['find', environment, id], api(environment, `search?q=${encodeURIComponent(id)}`)),
  environments: () => question<EnvironmentStateView[]>(['environments'], '/api/environments'),
  health: (environment: string, window: RatesView['window']) => ({
    ...question<IntegrityView>(['health', environment, window], api(environment, `health?window=${window}`)),
    keepPreviousData: true,
  }),
  rates: (environment: string, window: RatesView['window'], configuration: string | null) => ({
    ...question<RatesView>(
      ['rates', environment, window, configuration],
      api(environment, `rates?${new URLSearchParams({ window, ...(configuration !== null && { configuration }) })}`),
    ),
    keepPreviousData: true,
  }),
  setAside: (environment: string, state: SetAsideRow['state'], cursor: string | null) => ({
    ...question<PageOf<SetAsideRow>>(
      ['set-aside', environment, state, cursor],
      api(environment, `set-aside?${new URLSearchParams({ state, ...(cursor !== null && { cursor }) })}`),
    ),
    // No hint tells of these: they are few, and nobody waits for the second.
    refetchInterval: 5_000,
  }),
  queues: (environment: string) => ({
    ...question<QueueStateView[]>(['queues', environment], api(environment, 'queues')),
    refetchInterval: 5_000,
  }),
  switches: () => question<SwitchView[]>(['switches'], '/api/switches'),
  bulkRuns: (environment: string, cursor: string | null) =>
    question<PageOf<BulkRunRow>>(['bulk', environment, 'runs', cursor], api(environment, `bulk${after(cursor)}`)),
  bulkRun: (environment: string, bulkId: string) =>
    question<BulkRunView>(['bulk', environment, bulkId], api(environment, `bulk/${encodeURIComponent(bulkId)}`)),
  bulkItems: (environment: string, bulkId: string, tab: ItemTab, position: number | null) => {
    const parameters = new URLSearchParams({ show: tab, ...(position !== null && { after: String(position) }) })
    return {
      ...question<BulkItemPage>(
        ['bulk', environment, bulkId, tab, position],
        api(environment, `bulk/${encodeURIComponent(bulkId)}/items?${parameters}`),
      ),
      keepPreviousData: true,
    }
  },
  demo: () => question<DemoView>(['demo'], '/api/demo'),
}

/** Wherever it is known, beyond the environment one is in. */
export function searchEverywhere(text: string): Promise<FoundInEnvironment[]> {
  return fetchJson(`/api/search?q=${encodeURIComponent(text)}`)
}

export function search(environment: string, text: string): Promise<SearchResult> {
  return fetchJson(api(environment, `search?q=${encodeURIComponent(text)}`))
}
