import type { Metadata } from 'next'
import { FirstView } from '#components/live/first-view.tsx'
import { queries } from '#components/live/queries.ts'
import { SetAsideList } from '#components/set-aside/set-aside-list.tsx'
import { guardedPage } from '#lib/access/guard.ts'
import { listSetAside, readState } from '#lib/channels/set-aside.ts'

interface SetAsidePageProps {
  params: Promise<{ environment: string }>
  searchParams: Promise<{ state?: string | string[]; cursor?: string | string[] }>
}

export async function generateMetadata({ params }: SetAsidePageProps): Promise<Metadata> {
  return { title: `Set aside · ${(await params).environment}` }
}

export default async function SetAsidePage({ params, searchParams }: SetAsidePageProps) {
  const { runtime, environment } = await guardedPage('ingest.view', (await params).environment)
  const given = await searchParams
  const cursor = typeof given.cursor === 'string' ? given.cursor : null
  const state = readState(given.state)
  return (
    <FirstView
      answers={[
        {
          query: queries.setAside(environment.name, state, cursor),
          read: () => listSetAside(runtime.db, environment.name, state, cursor),
        },
      ]}
    >
      <SetAsideList key={state} state={state} cursor={cursor} />
    </FirstView>
  )
}
