import { cookies } from 'next/headers'
import type { ReactNode } from 'react'

import { Frame } from '#components/frame/frame.tsx'
import { readTheme } from '#components/frame/preferences.ts'
import { guardedPage } from '#lib/access/guard.ts'
import { viewOf } from '#lib/environments/environment.ts'

interface EnvironmentLayoutProps {
  params: Promise<{ environment: string }>
  children: ReactNode
}

export default async function EnvironmentLayout({ params, children }: EnvironmentLayoutProps) {
  const access = await guardedPage('ticket.view', (await params).environment)
  const { person, environment, environments, whyNot, asks, switches } = access
  const jar = await cookies()
  return (
    <Frame
      desk={{
        person: { name: person.name, role: person.role },
        environment: viewOf(environment),
        environments,
        whyNot,
        asks,
        switches,
      }}
      theme={readTheme(jar.get('matchdesk-theme')?.value)}
    >
      {children}
    </Frame>
  )
}
