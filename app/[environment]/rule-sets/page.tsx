import type { Metadata } from 'next'
import { RuleSetList } from '#components/rule-sets/rule-set-list.tsx'
import { guardedPage } from '#lib/access/guard.ts'

interface RuleSetsPageProps {
  params: Promise<{ environment: string }>
}

export async function generateMetadata({ params }: RuleSetsPageProps): Promise<Metadata> {
  return { title: `Rule sets · ${(await params).environment}` }
}

/** Read from GameLift by the browser: the frame must not wait for it. */
export default async function RuleSetsPage({ params }: RuleSetsPageProps) {
  await guardedPage('configuration.view', (await params).environment)
  return <RuleSetList />
}
