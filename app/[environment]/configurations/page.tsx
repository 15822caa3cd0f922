import type { Metadata } from 'next'
import { ConfigurationList } from '#components/configurations/configuration-list.tsx'
import { guardedPage } from '#lib/access/guard.ts'

interface ConfigurationsPageProps {
  params: Promise<{ environment: string }>
}

export async function generateMetadata({ params }: ConfigurationsPageProps): Promise<Metadata> {
  return { title: `Configurations · ${(await params).environment}` }
}

/** Read from GameLift by the browser: the frame must not wait for it. */
export default async function ConfigurationsPage({ params }: ConfigurationsPageProps) {
  await guardedPage('configuration.view', (await params).environment)
  return <ConfigurationList />
}
