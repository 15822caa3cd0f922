'use client'

import { clsx } from 'clsx'
import { CircleCheck, CircleX, Radio, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useDesk, useHref } from '#components/frame/desk.tsx'
import { PageHeader } from '#components/frame/page-header.tsx'
import { Loaded } from '#components/live/loaded.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { formatCount, formatDuration } from '#components/ui/format-time.ts'
import { Link } from '#components/ui/link.tsx'
import { Facts, Panel } from '#components/ui/panel.tsx'
import { Empty, SkeletonPage } from '#components/ui/states.tsx'
import { TABLE, TABLE_SCROLL, TD, TH, TR } from '#components/ui/table.ts'
import { Ago, Moment } from '#components/ui/time.tsx'
import type { HealthWindow } from '#lib/integrity/health-window.ts'
import type { ChannelIntegrityView, IntegrityView } from '#lib/tickets/views.ts'
import { verdict } from './verdict.ts'

/** Some of it changes with time alone: what is unconfirmed, how much of the budget is used. */
const ASK_EVERY_MS = 5_000
const WINDOWS: { window: HealthWindow; text: string }[] = [
  { window: '1h', text: 'Last hour' },
  { window: '24h', text: 'Last 24 hours' },
]
const TONES = {
  good: { icon: CircleCheck, colour: 'text-good' },
  warning: { icon: TriangleAlert, colour: 'text-warning' },
  bad: { icon: CircleX, colour: 'text-bad' },
} as const
const CHANNEL_NAMES = { webhook: 'Webhook', eventbridge: 'EventBridge', sns: 'SNS', sqs: 'SQS' } as const

export function HealthPage({ window }: { window: HealthWindow }) {
  const { environment } = useDesk()
  const href = useHref()
  const query = useQuery({ ...queries.health(environment.name, window), refetchInterval: ASK_EVERY_MS })
  return (
    <>
      <PageHeader
        title="Health"
        line="How far what Matchdesk shows can be trusted, and why."
        actions={
          <nav aria-label="Time" className="flex gap-1">
            {WINDOWS.map((each) => (
              <Link
                key={each.window}
                href={href(`/health?window=${each.window}`)}
                aria-current={each.window === window ? 'page' : undefined}
                className={clsx(
                  'inline-flex h-8 items-center rounded-md px-2.5 text-sm',
                  each.window === window ? 'bg-active font-medium' : 'text-muted hover:bg-hover',
                )}
              >
                {each.text}
              </Link>
            ))}
          </nav>
        }
      />
      <Loaded query={query} what="the health" skeleton={<SkeletonPage />}>
        {(view) => <Meter view={view} />}
      </Loaded>
    </>
  )
}

function Meter({ view }: { view: IntegrityView }) {
  const href = useHref()
  const { tone, text } = verdict(view)
  const { icon: Icon, colour } = TONES[tone]
  const { gaps, budget, unconfirmed, presumed, setAside, outage } = view
  return (
    <div className="flex flex-col gap-4">
      <p className="flex items-start gap-2 rounded-lg border bg-panel px-4 py-3 text-sm">
        <Icon className={clsx('mt-0.5 size-4 shrink-0', colour)} aria-hidden />
        <span className="min-w-0 break-words">{text}</span>
      </p>
      <Panel title="Channels" aside="lag: from an event to its arrival" flush>
        {view.channels.length === 0 ? (
          <Empty icon={Radio} title="Nothing has come by any channel in this time">
            Events are counted as they arrive.
          </Empty>
        ) : (
          <Channels channels={view.channels} />
        )}
      </Panel>
      <div className="grid items-start gap-4 lg:grid-cols-3">
        <Panel title="Lost events" aside="in this time">
          {gaps.total === 0 ? (
            <p className="text-sm text-muted">None is known to be lost.</p>
          ) : (
            <>
              <p className="mb-3 text-sm text-pretty text-muted">
                By what came after them, these must have happened; no channel delivered them.
              </p>
              <Facts items={gaps.byType.map(({ type, count }) => ({ name: type, value: formatCount(count) }))} />
            </>
          )}
        </Panel>
        <Panel title="In doubt" aside="now">
          <Facts
            items={[
              { name: 'Unconfirmed', value: <Count to={href('/tickets?tab=open&order=oldest')}>{unconfirmed}</Count> },
              { name: 'Presumed', value: <Count to={href('/tickets?tab=all&presumed=1')}>{presumed}</Count> },
              { name: 'Set aside', value: <Count to={href('/set-aside')}>{setAside}</Count> },
            ]}
          />
        </Panel>
        <Panel title="Questions to GameLift" aside="by all of Matchdesk">
          <Facts
            items={[
              {
                name: 'Answers',
                value:
                  outage === null ? (
                    'yes'
                  ) : (
                    <span className="text-bad">
                      not since <Moment at={outage.since} />
                    </span>
                  ),
              },
              ...(budget === null
                ? [{ name: 'Calls', value: <span className="text-muted">none counted yet</span> }]
                : [
                    { name: 'Last minute', value: `${formatCount(budget.usedLastMinute)} calls` },
                    { name: 'Budget used', value: `${budgetUsed(budget)} %` },
                    {
                      name: 'Allowed',
                      value: `${rate(budget.allowedPerSecond)} of ${rate(budget.perSecond)} per second`,
                    },
                    {
                      name: 'Throttled',
                      value: budget.throttledAt === null ? 'never' : <Ago at={budget.throttledAt} />,
                    },
                    ...(budget.heldAfter === null
                      ? []
                      : [
                          {
                            name: 'Held back',
                            value: <span className="text-bad">after {formatCount(budget.heldAfter)} unanswered</span>,
                          },
                        ]),
                  ]),
            ]}
          />
        </Panel>
      </div>
    </div>
  )
}

const COLUMNS = [
  { name: 'Received', title: 'Messages that came' },
  { name: 'New', title: 'Events that came by this channel first' },
  { name: 'Repeated', title: 'The same message again' },
  { name: 'By others', title: 'Events that another channel had brought already' },
  { name: 'Late', title: 'Came after a newer event of the same ticket' },
  { name: 'Missing', title: 'Came by another channel and not by this one, or not yet' },
  { name: 'Ignored', title: 'None that this environment follows' },
  { name: 'Refused', title: 'Could not be read, or of somebody else' },
  { name: 'Lag p50', title: 'Half of them arrived within' },
  { name: 'Lag p99', title: '99 of 100 arrived within' },
  { name: 'Last event', title: 'When the newest event happened' },
] as const

function Channels({ channels }: { channels: readonly ChannelIntegrityView[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={TABLE_SCROLL} aria-label="Channels, table" tabIndex={0}>
      <table className={TABLE}>
        <thead>
          <tr>
            <th scope="col" className={TH}>
              Channel
            </th>
            {COLUMNS.map(({ name, title }) => (
              <th key={name} scope="col" className={clsx(TH, 'text-right')} title={title}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {channels.map((each) => (
            <tr key={each.channel} className={TR}>
              <th scope="row" className={clsx(TD, 'text-left font-medium')}>
                {CHANNEL_NAMES[each.channel]}
              </th>
              {[each.received, each.added, each.repeated, each.copies, each.late].map((count, index) => (
                <Cell key={COLUMNS[index]?.name}>{formatCount(count)}</Cell>
              ))}
              <Cell bad={(each.missing ?? 0) > 0}>{each.missing === null ? '–' : formatCount(each.missing)}</Cell>
              <Cell>{formatCount(each.ignored)}</Cell>
              <Cell bad={each.refused > 0}>{formatCount(each.refused)}</Cell>
              <Cell>{lag(each.lagP50Ms)}</Cell>
              <Cell>{lag(each.lagP99Ms)}</Cell>
              <Cell>{each.lastEventAt === null ? '–' : <Ago at={each.lastEventAt} />}</Cell>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Cell({ bad = false, children }: { bad?: boolean; children: ReactNode }) {
  return <td className={clsx(TD, 'text-right', bad && 'font-medium text-warning')}>{children}</td>
}

function Count({ to, children }: { to: string; children: number }) {
  return (
    <Link href={to} prefetch={false} className="inline-block min-h-6 min-w-6 hover:text-accent hover:underline">
      {formatCount(children)}
    </Link>
  )
}

/** Buckets have an upper end: it was at most this much. */
function lag(ms: number | null): string {
  return ms === null ? '–' : `≤ ${ms < 1000 ? `${ms} ms` : formatDuration(ms)}`
}

function rate(perSecond: number): string {
  return String(Math.round(perSecond * 10) / 10)
}

/** In the last minute, of what was allowed at the end of it. */
function budgetUsed({ usedLastMinute, allowedPerSecond }: NonNullable<IntegrityView['budget']>): number {
  return Math.min(100, Math.round((usedLastMinute / (allowedPerSecond * 60)) * 100))
}
