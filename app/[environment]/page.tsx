import type { Metadata } from 'next'
import { FirstView } from '#components/live/first-view.tsx'
import { queries } from '#components/live/queries.ts'
import { Overview } from '#components/overview/overview.tsx'
import { guardedPage } from '#lib/access/guard.ts'
import { overview } from '#lib/tickets/overview.ts'

interface OverviewPageProps {
  params: Promise<{ environment: string }>
}

export async function generateMetadata({ params }: OverviewPageProps): Promise<Metadata> {
  return { title: `Overview · ${(await params).environment}` }
}

export default async function OverviewPage({ params }: OverviewPageProps) {
  const { runtime, environment } = await guardedPage('ticket.view', (await params).environment)
  return (
    <FirstView
      answers={[
        {
          query: queries.overview(environment.name),
          read: () => overview(runtime.db, environment.name, Date.now(), runtime.healthOf(environment)),
        },
      ]}
    >
      <Overview />
    </FirstView>
  )
}
