'use client'

import { SlidersHorizontal } from 'lucide-react'
import { useDesk, useHref } from '#components/frame/desk.tsx'
import { PageHeader } from '#components/frame/page-header.tsx'
import { Loaded } from '#components/live/loaded.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { changeFilter, NO_FILTER, ticketFilterQuery } from '#components/tickets/ticket-filter.ts'
import { formatDuration } from '#components/ui/format-time.ts'
import { CopyableId } from '#components/ui/id-text.tsx'
import { Link } from '#components/ui/link.tsx'
import { Facts, Panel } from '#components/ui/panel.tsx'
import { Empty, SkeletonPanel } from '#components/ui/states.tsx'
import { Moment } from '#components/ui/time.tsx'
import type { ConfigurationView } from '#lib/tickets/views.ts'

export function ConfigurationList() {
  const { environment } = useDesk()
  const query = useQuery(queries.configurations(environment.name))
  return (
    <>
      <PageHeader title="Configurations" line="Matchmaking configurations as GameLift has them now." />
      <Loaded query={query} what="the configurations" skeleton={<SkeletonPanel />}>
        {({ rows: configurations }) =>
          configurations.length === 0 ? (
            <div className="rounded-lg border bg-panel">
              <Empty icon={SlidersHorizontal} title="There is no matchmaking configuration">
                Create one with <code className="font-mono">aws gamelift create-matchmaking-configuration</code>.
              </Empty>
            </div>
          ) : (
            <div className="grid items-start gap-4 lg:grid-cols-2 2xl:grid-cols-3">
              {configurations.map((configuration) => (
                <Configuration key={configuration.name} configuration={configuration} />
              ))}
            </div>
          )
        }
      </Loaded>
    </>
  )
}

function Configuration({ configuration }: { configuration: ConfigurationView }) {
  const href = useHref()
  const seconds = (value: number) => formatDuration(value * 1000)
  return (
    <div id={configuration.name} className="min-w-0 scroll-mt-20">
      <Panel
        title={<bdi>{configuration.name}</bdi>}
        aside={
          <Link
            className="inline-flex min-h-6 items-center hover:text-accent hover:underline"
            href={href(`/tickets${ticketFilterQuery(changeFilter(NO_FILTER, { configuration: configuration.name }))}`)}
          >
            its tickets
          </Link>
        }
      >
        {configuration.description && <p className="mb-3 text-sm text-muted">{configuration.description}</p>}
        <Facts
          items={[
            {
              name: 'Rule set',
              value: (
                <Link
                  className="hover:text-accent hover:underline"
                  href={href(`/rule-sets#${encodeURIComponent(configuration.ruleSetName)}`)}
                >
                  {configuration.ruleSetName}
                </Link>
              ),
            },
            {
              name: 'Acceptance',
              value: configuration.acceptanceRequired
                ? `required${configuration.acceptanceTimeoutSeconds === null ? '' : `, within ${seconds(configuration.acceptanceTimeoutSeconds)}`}`
                : 'not required',
            },
            { name: 'Request timeout', value: seconds(configuration.requestTimeoutSeconds) },
            {
              name: 'Mode',
              value: configuration.flexMatchMode === 'STANDALONE' ? 'standalone: no placement' : 'with queue',
            },
            { name: 'Backfill', value: configuration.backfillMode === 'AUTOMATIC' ? 'automatic' : 'by hand' },
            ...(configuration.additionalPlayerCount > 0
              ? [{ name: 'Extra slots', value: String(configuration.additionalPlayerCount) }]
              : []),
            ...configuration.gameSessionQueueArns.map((arn, index) => ({
              name: index === 0 ? 'Queue' : `Queue ${index + 1}`,
              value: <CopyableId id={arn} what="queue ARN" room="long" />,
            })),
            ...(configuration.customEventData
              ? [{ name: 'Event data', value: <bdi>{configuration.customEventData}</bdi> }]
              : []),
            { name: 'ARN', value: <CopyableId id={configuration.arn} what="configuration ARN" room="long" /> },
            ...(configuration.createdAt === null
              ? []
              : [{ name: 'Created', value: <Moment at={configuration.createdAt} /> }]),
          ]}
        />
      </Panel>
    </div>
  )
}
