import type { Metadata } from 'next'
import { FirstView } from '#components/live/first-view.tsx'
import { queries } from '#components/live/queries.ts'
import { MatchList } from '#components/matches/match-list.tsx'
import { guardedPage } from '#lib/access/guard.ts'
import { listMatches } from '#lib/tickets/list-matches.ts'

interface MatchesPageProps {
  params: Promise<{ environment: string }>
  searchParams: Promise<{ cursor?: string | string[] }>
}

export async function generateMetadata({ params }: MatchesPageProps): Promise<Metadata> {
  return { title: `Matches · ${(await params).environment}` }
}

export default async function MatchesPage({ params, searchParams }: MatchesPageProps) {
  const { runtime, environment } = await guardedPage('match.view', (await params).environment)
  const given = (await searchParams).cursor
  const cursor = typeof given === 'string' ? given : null
  return (
    <FirstView
      answers={[
        {
          query: queries.matches(environment.name, cursor),
          read: () => listMatches(runtime.db, environment.name, cursor),
        },
      ]}
    >
      <MatchList cursor={cursor} />
    </FirstView>
  )
}
