import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { sessionName } from '#components/sessions/session-name.ts'
import { SessionPage } from '#components/sessions/session-page.tsx'
import { guardedPage, idInAddress } from '#lib/access/guard.ts'
import { getSession } from '#lib/tickets/get-session.ts'

interface SessionPageProps {
  /** `id` is the session's whole ARN, encoded. */
  params: Promise<{ environment: string; id: string }>
}

export async function generateMetadata({ params }: SessionPageProps): Promise<Metadata> {
  const { environment, id } = await params
  return { title: `Game session ${sessionName(idInAddress(id))} · ${environment}` }
}

export default async function SessionRoute({ params }: SessionPageProps) {
  const given = await params
  const { runtime, environment } = await guardedPage('session.view', given.environment)
  const gameSessionArn = idInAddress(given.id)
  const session = await getSession(runtime.db, environment.name, gameSessionArn)
  if (session === null) notFound()
  // Only that it exists is checked here: the page itself asks GameLift, which may take longer than a page should.
  return <SessionPage gameSessionArn={session.gameSessionArn} />
}
