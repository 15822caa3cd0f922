'use client'

import { clsx } from 'clsx'
import { CircleCheck, CircleHelp, CircleX, Inbox, TriangleAlert } from 'lucide-react'
import { useDesk, useHref } from '#components/frame/desk.tsx'
import { PageHeader } from '#components/frame/page-header.tsx'
import { trustOf, useLiveState } from '#components/live/live-state.ts'
import { Loaded } from '#components/live/loaded.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { STATUS_LOOKS } from '#components/tickets/status-label.tsx'
import { ENDED_TABS, OPEN_TABS, TAB_WORDS } from '#components/tickets/status-words.ts'
import { changeFilter, NO_FILTER, ticketFilterQuery } from '#components/tickets/ticket-filter.ts'
import { useNow, useZone } from '#components/ui/clock.tsx'
import { formatCount, formatMoment } from '#components/ui/format-time.ts'
import { late } from '#components/ui/late.tsx'
import { Link } from '#components/ui/link.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Empty, SkeletonPage } from '#components/ui/states.tsx'
import { Ago } from '#components/ui/time.tsx'
import { DEFAULT_ENVIRONMENT } from '#lib/environments/environment.ts'
import type { OverviewView, TicketTab } from '#lib/tickets/views.ts'
import { ConfigurationsTable } from './configurations-table.tsx'
import { healthSentence } from './health-sentence.ts'

/** Drawn once the page stands, in places that are kept for them. */
const RatesPanel = late(
  () => import('./rates-panel.tsx').then((module) => module.RatesPanel),
  <div className="h-[30.5rem] rounded-lg border bg-panel lg:h-[16.4rem]" />,
)
const TileCourse = late(() => import('./tile-course.tsx').then((module) => module.TileCourse))

export function Overview() {
  const { environment } = useDesk()
  const query = useQuery(queries.overview(environment.name))
  return (
    <>
      {query.data === undefined && <PageHeader title="Overview" />}
      <Loaded query={query} what="the overview" skeleton={<SkeletonPage />}>
        {(view) => <OverviewContent view={view} readAt={query.dataUpdatedAt} failing={query.isError} />}
      </Loaded>
    </>
  )
}

interface OverviewContentProps {
  view: OverviewView
  /** Epoch ms. */
  readAt: number
  /** Whether it could not be read again. */
  failing: boolean
}

function OverviewContent({ view, readAt, failing }: OverviewContentProps) {
  const { environment, whyNot } = useDesk()
  const live = useLiveState()
  const now = useNow()
  const { zone } = useZone()
  const trust = trustOf(live, now)
  const old = failing || trust === 'lost' || trust === 'stale'
  // Without a word of change the last answer held good until the stream was lost.
  const goodUntil = failing ? readAt : Math.max(readAt, live.staleSince ?? 0)
  const asOf = old ? formatMoment(goodUntil, now, zone) : null
  return (
    <>
      <PageHeader
        title="Overview"
        line={
          <>
            {healthSentence(view, asOf)}
            {view.lastEventAt && (
              <span className="text-faint">
                {' '}
                Last event <Ago at={view.lastEventAt} />.
              </span>
            )}
          </>
        }
      />
      <div className="flex flex-col gap-4">
        <Attention items={view.attention} quiet={view.counts.all === 0} asOf={asOf} />
        <Tiles view={view} />
        <RatesPanel when configurations={view.configurations.map(({ configuration }) => configuration)} />
        <Panel
          title="Configurations"
          aside={`open tickets ${asOf === null ? 'now' : `as of ${asOf}`} · ended tickets of all time`}
          flush
        >
          {view.configurations.length === 0 ? (
            <Empty icon={Inbox} title="No configuration has had a ticket yet">
              {environment.name === DEFAULT_ENVIRONMENT ? (
                `Create one with the AWS CLI at ${environment.endpoint} and start a ticket, or resume the demo traffic.`
              ) : (
                <NothingYet name={environment.name} mayConnect={whyNot['environment.manage'] === null} />
              )}
            </Empty>
          ) : (
            <ConfigurationsTable rows={view.configurations} />
          )}
        </Panel>
      </div>
    </>
  )
}

/** Elsewhere there is no demo: events come once a channel is connected. */
function NothingYet({ name, mayConnect }: { name: string; mayConnect: boolean }) {
  if (!mayConnect) return 'It appears with its first event, once an administrator has connected a channel.'
  return (
    <>
      It appears with its first event.{' '}
      <Link
        href={`/environments/connect?environment=${encodeURIComponent(name)}`}
        className="font-medium text-accent hover:underline"
      >
        Connect a channel
      </Link>{' '}
      and start a ticket.
    </>
  )
}

interface AttentionProps {
  items: OverviewView['attention']
  quiet: boolean
  /** The time of day they are from, when that is not now. */
  asOf: string | null
}

/** Of the same shape with nothing in it, so that the first thing that goes wrong does not move the page. */
function Attention({ items, quiet, asOf }: AttentionProps) {
  const now = useNow()
  const { zone } = useZone()
  const nothing = quiet ? 'Nothing has happened yet.' : 'Nothing right now.'
  const doubtful = quiet || asOf !== null
  const Check = asOf === null ? CircleCheck : CircleHelp
  return (
    <Panel title="Needs attention" aside={asOf !== null && items.length > 0 && `as of ${asOf}`} flush>
      {items.length === 0 && (
        <p className="flex min-h-9 items-center gap-2.5 px-4 py-1.5 text-sm text-muted">
          <Check className={clsx('size-4', doubtful ? 'text-faint' : 'text-good')} aria-hidden />
          {asOf === null ? nothing : `Nothing was known at ${asOf}. What happened since is not known.`}
        </p>
      )}
      <ul>
        {items.map(({ text, since, detail, href, severity }) => {
          const Icon = severity === 'bad' ? CircleX : TriangleAlert
          return (
            <li key={`${href} ${text}`} className="border-t first:border-t-0">
              <Link
                href={href}
                prefetch={false}
                className="flex min-h-9 items-center gap-2.5 px-4 py-1.5 text-sm hover:bg-hover"
              >
                <Icon
                  className={clsx('size-4 shrink-0', severity === 'bad' ? 'text-bad' : 'text-warning')}
                  aria-hidden
                />
                <span className="sr-only">{severity === 'bad' ? 'Bad: ' : 'Warning: '}</span>
                <span className="min-w-0 break-words">
                  {text}
                  {since && ` since ${formatMoment(Date.parse(since), now, zone)}`}
                  {detail && `: ${detail}`}
                </span>
              </Link>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}

/** One tile per status; each is the way to its list. */
function Tiles({ view }: { view: OverviewView }) {
  return (
    <section
      aria-label="Tickets by status"
      className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-5"
    >
      {[...OPEN_TABS, ...ENDED_TABS].map((tab) => (
        <Tile key={tab} tab={tab} count={view.counts[tab]} />
      ))}
    </section>
  )
}

/** How many were in the other open ones before is not kept. */
const COURSES: readonly TicketTab[] = ['open', 'COMPLETED', 'CANCELLED', 'TIMED_OUT', 'FAILED']

function Tile({ tab, count }: { tab: TicketTab; count: number }) {
  const href = useHref()
  const look = tab === 'open' || tab === 'all' ? null : STATUS_LOOKS[tab]
  return (
    <Link
      href={href(`/tickets${ticketFilterQuery(changeFilter(NO_FILTER, { tab }))}`)}
      prefetch={false}
      className="flex flex-col gap-0.5 bg-panel px-4 py-3 hover:bg-hover"
    >
      <span className="flex items-center gap-1.5 text-xs text-muted">
        {look && <look.icon className={clsx('size-3.5', look.colour)} aria-hidden strokeWidth={2.25} />}
        {TAB_WORDS[tab]}
      </span>
      <span className={clsx('text-xl font-semibold', count === 0 && 'text-faint')}>{formatCount(count)}</span>
      <span className="mt-1 h-4">
        {COURSES.includes(tab) && <TileCourse when tab={tab} count={count} colour={look?.colour ?? 'text-accent'} />}
      </span>
    </Link>
  )
}
