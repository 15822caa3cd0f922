import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ConnectWizard } from '#components/connect/connect-wizard.tsx'
import { guardedPage } from '#lib/access/guard.ts'
import { DEFAULT_ENVIRONMENT } from '#lib/environments/environment.ts'
import { type EnvironmentInput, inputOf } from '#lib/environments/environment-input.ts'

interface ConnectPageProps {
  searchParams: Promise<{ environment?: string | string[] }>
}
const BLANK: EnvironmentInput = {
  name: '',
  label: '',
  colour: 'blue',
  protection: 'guarded',
  retentionDays: 30,
  region: 'eu-central-1',
  accountId: null,
  kind: 'aws',
  endpoint: null,
  credentials: {},
  configurations: null,
  fleets: [],
  channels: { sns: { topicArns: [] }, sqs: [], eventbridge: false },
  callsPerSecond: 5,
}

export async function generateMetadata({ searchParams }: ConnectPageProps): Promise<Metadata> {
  const { environment } = await searchParams
  return { title: environment === undefined ? 'Connect an environment' : `Edit ${environment}` }
}

/** A new environment, or the one that the address names. */
export default async function ConnectPage({ searchParams }: ConnectPageProps) {
  const { environment: name } = await searchParams
  if (Array.isArray(name)) notFound()
  const { environment, runtime } = await guardedPage('environment.manage', name ?? DEFAULT_ENVIRONMENT)
  const edited = name === undefined ? null : environment
  if (edited?.managedBy === 'file') notFound()
  return (
    <ConnectWizard
      initial={edited ? inputOf(edited) : BLANK}
      revision={edited?.revision ?? null}
      isBuiltIn={edited?.name === DEFAULT_ENVIRONMENT}
      publicUrl={runtime.settings.origins[0] ?? ''}
    />
  )
}
