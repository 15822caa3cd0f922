import type { Metadata } from 'next'
import { FirstView } from '#components/live/first-view.tsx'
import { queries } from '#components/live/queries.ts'
import { SessionList } from '#components/sessions/session-list.tsx'
import { guardedPage } from '#lib/access/guard.ts'
import { listSessions } from '#lib/tickets/list-sessions.ts'

interface SessionsPageProps {
  params: Promise<{ environment: string }>
  searchParams: Promise<{ cursor?: string | string[] }>
}

export async function generateMetadata({ params }: SessionsPageProps): Promise<Metadata> {
  return { title: `Game sessions · ${(await params).environment}` }
}

export default async function SessionsPage({ params, searchParams }: SessionsPageProps) {
  const { runtime, environment } = await guardedPage('session.view', (await params).environment)
  const given = (await searchParams).cursor
  const cursor = typeof given === 'string' ? given : null
  return (
    <FirstView
      answers={[
        {
          query: queries.sessions(environment.name, cursor),
          read: () => listSessions(runtime.db, environment.name, cursor),
        },
      ]}
    >
      <SessionList cursor={cursor} />
    </FirstView>
  )
}
