'use client'

import { ScrollText } from 'lucide-react'
import { useDesk } from '#components/frame/desk.tsx'
import { PageHeader } from '#components/frame/page-header.tsx'
import { Loaded } from '#components/live/loaded.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { CodeBlock, prettyJson } from '#components/ui/code-block.tsx'
import { CopyableId } from '#components/ui/id-text.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Empty, SkeletonPanel } from '#components/ui/states.tsx'
import { Moment } from '#components/ui/time.tsx'
import { ruleSetSummary } from './rule-set-summary.ts'

export function RuleSetList() {
  const { environment } = useDesk()
  const query = useQuery(queries.ruleSets(environment.name))
  return (
    <>
      <PageHeader title="Rule sets" line="Matchmaking rule sets as GameLift has them now." />
      <Loaded query={query} what="the rule sets" skeleton={<SkeletonPanel />}>
        {({ rows: ruleSets }) =>
          ruleSets.length === 0 ? (
            <div className="rounded-lg border bg-panel">
              <Empty icon={ScrollText} title="There is no rule set">
                Create one with <code className="font-mono">aws gamelift create-matchmaking-rule-set</code>.
              </Empty>
            </div>
          ) : (
            <div className="grid items-start gap-4 xl:grid-cols-2">
              {ruleSets.map(({ name, arn, body, createdAt }) => (
                <div key={name} id={name} className="min-w-0 scroll-mt-20">
                  <Panel title={<bdi>{name}</bdi>} aside={createdAt !== null && <Moment at={createdAt} />}>
                    <p className="mb-2 text-sm">{ruleSetSummary(body)}</p>
                    <CodeBlock code={prettyJson(body)} label={`body of rule set ${name}`} />
                    <div className="mt-2 text-xs text-muted">
                      <CopyableId id={arn} what="rule set ARN" room="long" />
                    </div>
                  </Panel>
                </div>
              ))}
            </div>
          )
        }
      </Loaded>
    </>
  )
}
