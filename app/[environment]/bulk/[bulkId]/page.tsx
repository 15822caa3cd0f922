import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { readItemTab, readPosition, resultsOf } from '#components/bulk/item-tabs.ts'
import { RunPage } from '#components/bulk/run-page.tsx'
import { FirstView } from '#components/live/first-view.tsx'
import { queries } from '#components/live/queries.ts'
import { guardedPage, idInAddress } from '#lib/access/guard.ts'
import { getBulkRun, listBulkItems } from '#lib/bulk/read-runs.ts'

interface BulkRunPageProps {
  params: Promise<{ environment: string; bulkId: string }>
  searchParams: Promise<{ show?: string | string[]; after?: string | string[] }>
}

export async function generateMetadata({ params }: BulkRunPageProps): Promise<Metadata> {
  return { title: `Bulk run · ${(await params).environment}` }
}

export default async function BulkRunPage({ params, searchParams }: BulkRunPageProps) {
  const given = await params
  const { runtime, environment } = await guardedPage('ticket.view', given.environment)
  const bulkId = idInAddress(given.bulkId)
  const run = await getBulkRun(runtime.db, environment.name, bulkId)
  if (run === null) notFound()
  const { show, after: from } = await searchParams
  const tab = readItemTab(typeof show === 'string' ? show : null)
  const after = readPosition(typeof from === 'string' ? from : null)
  const place = { results: resultsOf(tab), after }
  return (
    <FirstView
      answers={[
        { query: queries.bulkRun(environment.name, bulkId), read: () => Promise.resolve(run) },
        {
          query: queries.bulkItems(environment.name, bulkId, tab, after),
          read: () => listBulkItems(runtime.db, environment.name, bulkId, place),
        },
      ]}
    >
      <RunPage bulkId={bulkId} tab={tab} after={after} />
    </FirstView>
  )
}
