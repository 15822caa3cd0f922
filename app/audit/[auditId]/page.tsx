import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AuditEntry } from '#components/audit/audit-entry.tsx'
import { PageHeader } from '#components/frame/page-header.tsx'
import { Link } from '#components/ui/link.tsx'
import { guardedPage } from '#lib/access/guard.ts'
import { getAudit } from '#lib/audit/list-audit.ts'

interface AuditEntryPageProps {
  params: Promise<{ auditId: string }>
}

export async function generateMetadata({ params }: AuditEntryPageProps): Promise<Metadata> {
  return { title: `Audit ${(await params).auditId}` }
}

export default async function AuditEntryPage({ params }: AuditEntryPageProps) {
  const { runtime, person, whyNot } = await guardedPage('audit.own')
  const { auditId } = await params
  if (!/^\d{1,15}$/.test(auditId)) notFound()
  const all = whyNot['audit.all'] === null
  const entry = await getAudit(runtime.db, Number(auditId), all ? { all } : { all, person })
  if (entry === null) notFound()
  return (
    <>
      <PageHeader
        title={`Audit entry ${auditId}`}
        line={
          <Link href="/audit" className="text-accent hover:underline">
            All entries
          </Link>
        }
      />
      <AuditEntry entry={entry} />
    </>
  )
}
