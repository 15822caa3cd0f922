import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { FirstView } from '#components/live/first-view.tsx'
import { queries } from '#components/live/queries.ts'
import { MatchPage } from '#components/matches/match-page.tsx'
import { guardedPage, idInAddress } from '#lib/access/guard.ts'
import { getMatch } from '#lib/tickets/get-match.ts'

interface MatchPageProps {
  params: Promise<{ environment: string; matchId: string }>
}

export async function generateMetadata({ params }: MatchPageProps): Promise<Metadata> {
  const { environment, matchId } = await params
  return { title: `Match ${idInAddress(matchId)} · ${environment}` }
}

export default async function MatchRoute({ params }: MatchPageProps) {
  const given = await params
  const { runtime, environment } = await guardedPage('match.view', given.environment)
  const matchId = idInAddress(given.matchId)
  const match = await getMatch(runtime.db, environment.name, matchId)
  if (match === null) notFound()
  return (
    <FirstView answers={[{ query: queries.match(environment.name, matchId), read: async () => match }]}>
      <MatchPage matchId={matchId} />
    </FirstView>
  )
}
