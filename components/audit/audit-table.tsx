import { clsx } from 'clsx'
import { Link } from '#components/ui/link.tsx'
import { TABLE, TABLE_SCROLL, TD, TH, TR } from '#components/ui/table.ts'
import { Moment } from '#components/ui/time.tsx'
import type { AuditRow } from '#lib/audit/list-audit.ts'
import { actionWords } from './audit-words.ts'
import { OutcomeLabel } from './outcome-label.tsx'
import { TargetLink } from './target-link.tsx'

/** Who did what, newest first; the time leads to everything about it. */
export function AuditTable({ rows, caption }: { rows: readonly AuditRow[]; caption: string }) {
  return (
    <div className={TABLE_SCROLL}>
      <table className={TABLE}>
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            <th scope="col" className={TH}>
              Time
            </th>
            <th scope="col" className={TH}>
              Outcome
            </th>
            <th scope="col" className={TH}>
              Action
            </th>
            <th scope="col" className={clsx(TH, 'max-md:hidden')}>
              Target
            </th>
            <th scope="col" className={clsx(TH, 'max-sm:hidden')}>
              Person
            </th>
            <th scope="col" className={clsx(TH, 'max-md:hidden')}>
              Environment
            </th>
            <th scope="col" className={clsx(TH, 'w-full max-lg:hidden')}>
              Reason, or what was said
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.auditId} className={TR}>
              <td className={TD}>
                <Link
                  href={`/audit/${row.auditId}`}
                  prefetch={false}
                  className="inline-flex min-h-6 items-center text-accent hover:underline"
                >
                  <Moment at={row.at} />
                  <span className="sr-only">, entry {row.auditId}</span>
                </Link>
              </td>
              <td className={TD}>
                <OutcomeLabel outcome={row.outcome} />
              </td>
              <td className={clsx(TD, 'max-sm:whitespace-normal')}>
                <span className={clsx(row.step > 0 && 'pl-3')}>{actionWords(row.action)}</span>
                {row.step > 0 && <span className="ml-1.5 text-xs text-muted">call {row.step}</span>}
              </td>
              <td className={clsx(TD, 'max-md:hidden')}>
                {row.target !== null && <TargetLink {...row} target={row.target} />}
              </td>
              <td className={clsx(TD, 'max-w-48 overflow-hidden text-ellipsis max-sm:hidden')}>
                {row.person ?? '—'}
                {row.role !== null && <span className="ml-1.5 text-xs text-muted">{row.role}</span>}
              </td>
              <td className={clsx(TD, 'max-md:hidden')}>{row.environment ?? '—'}</td>
              <td className={clsx(TD, 'max-w-0 overflow-hidden text-ellipsis max-lg:hidden')} title={saidOf(row)}>
                {row.reason !== null && <bdi>“{row.reason}”</bdi>}
                {row.reason !== null && row.message !== null && ' · '}
                {row.message !== null && <bdi className="text-muted">{row.message}</bdi>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function saidOf({ reason, message }: AuditRow): string | undefined {
  return [reason, message].filter(Boolean).join(' · ') || undefined
}
