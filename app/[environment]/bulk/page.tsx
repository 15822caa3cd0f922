import type { Metadata } from 'next'
import { RunList } from '#components/bulk/run-list.tsx'
import { FirstView } from '#components/live/first-view.tsx'
import { queries } from '#components/live/queries.ts'
import { guardedPage } from '#lib/access/guard.ts'
import { listBulkRuns } from '#lib/bulk/read-runs.ts'

interface BulkPageProps {
  params: Promise<{ environment: string }>
  searchParams: Promise<{ cursor?: string | string[] }>
}

export async function generateMetadata({ params }: BulkPageProps): Promise<Metadata> {
  return { title: `Bulk runs · ${(await params).environment}` }
}

export default async function BulkPage({ params, searchParams }: BulkPageProps) {
  const { runtime, environment } = await guardedPage('ticket.view', (await params).environment)
  const given = await searchParams
  const cursor = typeof given.cursor === 'string' ? given.cursor : null
  return (
    <FirstView
      answers={[
        {
          query: queries.bulkRuns(environment.name, cursor),
          read: () => listBulkRuns(runtime.db, environment.name, cursor),
        },
      ]}
    >
      <RunList cursor={cursor} />
    </FirstView>
  )
}
