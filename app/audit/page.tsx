import { ScrollText } from 'lucide-react'
import type { Metadata } from 'next'
import { AuditFilters } from '#components/audit/audit-filters.tsx'
import { AuditPager } from '#components/audit/audit-pager.tsx'
import { AuditTable } from '#components/audit/audit-table.tsx'
import { actionChoices, OUTCOME_WORDS } from '#components/audit/audit-words.ts'
import { ChainLine } from '#components/audit/chain-line.tsx'
import { ExportButtons } from '#components/audit/export-buttons.tsx'
import { PageHeader } from '#components/frame/page-header.tsx'
import { Link } from '#components/ui/link.tsx'
import { Empty } from '#components/ui/states.tsx'
import { guardedPage } from '#lib/access/guard.ts'
import { readChain } from '#lib/audit/check.ts'
import { auditFilterQuery, listAudit, listNames, OUTCOMES, readAuditFilter } from '#lib/audit/list-audit.ts'
import { countRefused } from '#lib/audit/refusals.ts'

export const metadata: Metadata = { title: 'Audit' }

interface AuditPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

const DAY_MS = 86_400_000

export default async function AuditPage({ searchParams }: AuditPageProps) {
  const { runtime, person, environments, whyNot } = await guardedPage('audit.own')
  const { db } = runtime
  const filter = readAuditFilter(await searchParams)
  const all = whyNot['audit.all'] === null
  const [page, chain, names, refused] = await Promise.all([
    listAudit(db, filter, all ? { all } : { all, person }),
    readChain(db),
    all ? listNames(db) : null,
    all ? countRefused(db, new Date(Date.now() - DAY_MS)) : 0,
  ])
  const query = auditFilterQuery(filter)
  const shown = page.rows
  return (
    <>
      <PageHeader
        title="Audit"
        line={all ? 'Who did what, where and why, newest first.' : 'What you did yourself, newest first.'}
        actions={<ExportButtons query={query} disabledReason={whyNot['audit.export']} />}
      />
      <ChainLine chain={chain} now={Date.now()} />
      <div className="rounded-lg border bg-panel">
        <AuditFilters
          key={JSON.stringify(query)}
          filter={query}
          environments={environments.map(({ name }) => name)}
          actions={actionChoices()}
          outcomes={OUTCOMES.map((value) => ({ value, text: OUTCOME_WORDS[value] ?? value }))}
          names={names}
        />
        {shown.length > 0 ? (
          <AuditTable rows={shown} caption="The audit trail, newest first" />
        ) : (
          <Nothing query={query} all={all} first={filter.cursor === null} />
        )}
        <AuditPager
          query={query}
          cursor={filter.cursor === null ? null : String(filter.cursor)}
          nextCursor={page.nextCursor}
          shown={shown.length}
        />
      </div>
      {refused > 0 && (
        <p className="mt-3 text-xs text-muted">
          Besides, {refused.toLocaleString('en')} {refused === 1 ? 'request was' : 'requests were'} refused in the last
          day that nobody known had made, or that came too often for a row each. They are counted only.
        </p>
      )}
    </>
  )
}

function Nothing({ query, all, first }: { query: Record<string, string>; all: boolean; first: boolean }) {
  if (!first) return <Empty icon={ScrollText} title="No older entries" />
  if (query.request !== undefined) {
    return (
      <Empty icon={ScrollText} title="No entry has this request id">
        The request changed nothing, so it left no entry{all ? '' : ', or it is somebody else’s'}. If something failed,
        the log of Matchdesk has it under {query.request}.
      </Empty>
    )
  }
  if (Object.keys(query).length > 0) {
    return (
      <Empty
        icon={ScrollText}
        title="Nothing matches these filters"
        action={<Link href="/audit">Show everything</Link>}
      >
        {all ? 'A person and a target are matched as a whole, not by a part.' : 'You see what you did yourself only.'}
      </Empty>
    )
  }
  return (
    <Empty icon={ScrollText} title="Nothing was done yet">
      Every action, refusal, export and sign-in appears here.
    </Empty>
  )
}
