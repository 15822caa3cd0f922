import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { readTheme } from '#components/frame/preferences.ts'
import { ClockProvider } from '#components/ui/clock.tsx'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Matchdesk', template: '%s · Matchdesk' },
  description: 'The operations desk for GameLift FlexMatch matchmaking tickets.',
  robots: { index: false, follow: false },
}
export const viewport: Viewport = { colorScheme: 'light dark' }

export default async function RootLayout({ children }: { children: ReactNode }) {
  const jar = await cookies()
  const zone = jar.get('matchdesk-zone')?.value ?? null
  return (
    <html
      lang="en"
      data-theme={readTheme(jar.get('matchdesk-theme')?.value)}
      className={`${GeistSans.variable} ${GeistMono.variable}`}
    >
      <body>
        <ClockProvider serverNow={Date.now()} zone={zone} utc={jar.get('matchdesk-utc')?.value === '1'}>
          {children}
        </ClockProvider>
      </body>
    </html>
  )
}
