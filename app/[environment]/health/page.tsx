import type { Metadata } from 'next'
import { HealthPage } from '#components/health/health-page.tsx'
import { FirstView } from '#components/live/first-view.tsx'
import { queries } from '#components/live/queries.ts'
import { guardedPage } from '#lib/access/guard.ts'
import { readHealthWindow, sinceOf } from '#lib/integrity/health-window.ts'
import { meter } from '#lib/integrity/meter.ts'

interface HealthProps {
  params: Promise<{ environment: string }>
  searchParams: Promise<{ window?: string | string[] }>
}

export async function generateMetadata({ params }: HealthProps): Promise<Metadata> {
  return { title: `Health · ${(await params).environment}` }
}

export default async function Health({ params, searchParams }: HealthProps) {
  const { runtime, environment } = await guardedPage('ingest.view', (await params).environment)
  const window = readHealthWindow((await searchParams).window)
  const read = () =>
    meter(runtime.db, environment.name, sinceOf(window, Date.now()), runtime.healthOf(environment).outage)
  return (
    <FirstView answers={[{ query: queries.health(environment.name, window), read }]}>
      <HealthPage window={window} />
    </FirstView>
  )
}
