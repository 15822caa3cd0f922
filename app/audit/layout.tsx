import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { Frame } from '#components/frame/frame.tsx'
import { readTheme } from '#components/frame/preferences.ts'
import { guardedPage } from '#lib/access/guard.ts'
import { viewOf } from '#lib/environments/environment.ts'

/** The trail is of all environments, so its pages stand in none of them. */
export default async function AuditLayout({ children }: { children: ReactNode }) {
  const { person, environment, environments, whyNot, asks, switches } = await guardedPage('audit.own')
  const jar = await cookies()
  const desk = {
    person: { name: person.name, role: person.role },
    environment: viewOf(environment),
    ...{ environments, whyNot, asks, switches },
    nowhere: true,
  }
  return (
    <Frame desk={desk} theme={readTheme(jar.get('matchdesk-theme')?.value)}>
      {children}
    </Frame>
  )
}
