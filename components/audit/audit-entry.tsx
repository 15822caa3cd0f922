import { clsx } from 'clsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { formatDuration } from '#components/ui/format-time.ts'
import { CopyableId } from '#components/ui/id-text.tsx'
import { Link } from '#components/ui/link.tsx'
import { Facts, Panel } from '#components/ui/panel.tsx'
import { Moment } from '#components/ui/time.tsx'
import type { AuditView } from '#lib/audit/list-audit.ts'
import { AuditTable } from './audit-table.tsx'
import { actionWords } from './audit-words.ts'
import { OutcomeLabel } from './outcome-label.tsx'
import { TargetLink } from './target-link.tsx'

const LINK = 'text-accent hover:underline'

/** Everything the trail has about one row, and the whole click it belongs to. */
export function AuditEntry({ entry }: { entry: AuditView }) {
  const { auditId, at, finishedAt, person, role, environment, protection, target, reason, message, code } = entry
  const facts = [
    { name: 'Outcome', value: <OutcomeLabel outcome={entry.outcome} /> },
    ...(message === null ? [] : [{ name: 'Message', value: <bdi>{message}</bdi> }]),
    ...(code === null ? [] : [{ name: 'Code', value: code }]),
    {
      name: 'Reason',
      value: reason === null ? <span className="text-faint">none was given</span> : <bdi>{reason}</bdi>,
    },
    {
      name: 'Person',
      value: (
        <>
          {person === null ? (
            '—'
          ) : (
            <Link href={`/audit?${new URLSearchParams({ person })}`} prefetch={false} className={LINK}>
              {person}
            </Link>
          )}
          {role !== null && <span className="ml-2 text-muted">as {role}</span>}
        </>
      ),
    },
    {
      name: 'Environment',
      value: (
        <>
          {environment ?? '—'}
          {protection !== null && <span className="ml-2 text-muted">{protection}</span>}
        </>
      ),
    },
    {
      name: 'Target',
      value:
        target === null ? (
          '—'
        ) : (
          <span className="inline-flex flex-wrap items-center gap-x-3">
            <TargetLink environment={environment} action={entry.action} target={target} room="medium" />
            <Link href={`/audit?${new URLSearchParams({ target })}`} prefetch={false} className={clsx(LINK, 'text-xs')}>
              all about it
            </Link>
          </span>
        ),
    },
    { name: 'Asked', value: <Moment at={at} precise /> },
    {
      name: 'Answered',
      value:
        finishedAt === null ? (
          'not yet'
        ) : (
          <>
            <Moment at={finishedAt} precise />{' '}
            <span className="text-muted">after {formatDuration(Date.parse(finishedAt) - Date.parse(at))}</span>
          </>
        ),
    },
    { name: 'Request id', value: <CopyableId id={entry.requestId} what="request id" room="all" /> },
    {
      name: 'Sealed',
      value: entry.sealedAs === null ? 'not yet' : `as entry ${entry.sealedAs.toLocaleString('en')} of the chain`,
    },
  ]
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 lg:grid-cols-2">
        <Panel title={`${actionWords(entry.action)}${entry.step > 0 ? `, call ${entry.step}` : ''}`}>
          <Facts items={facts} />
        </Panel>
        <div className="flex min-w-0 flex-col gap-4">
          {(entry.before !== null || entry.after !== null) && (
            <Panel title="Before and after">
              <div className="grid gap-3 xl:grid-cols-2">
                <CodeBlock label="Before" code={entry.before ?? 'nothing'} />
                <CodeBlock label="After" code={entry.after ?? 'nothing'} />
              </div>
            </Panel>
          )}
          <Panel title="What was asked">
            <CodeBlock label="Input" code={entry.input} />
          </Panel>
          {entry.data !== null && (
            <Panel title="What was answered">
              <CodeBlock label="Answer" code={entry.data} />
            </Panel>
          )}
        </div>
      </div>
      {entry.steps.length > 1 && (
        <Panel
          title="The whole click"
          flush
          aside={entry.steps.length === 2 ? '1 call' : `${entry.steps.length - 1} calls`}
        >
          <AuditTable rows={entry.steps} caption={`The click of row ${auditId} and the calls it made`} />
        </Panel>
      )}
    </div>
  )
}
