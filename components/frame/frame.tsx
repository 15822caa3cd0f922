import type { ReactNode } from 'react'
import { COLOURS } from '#components/environments/colours.ts'
import { LiveUpdates } from '#components/live/live-updates.tsx'
import { QueryProvider } from '#components/live/query-provider.tsx'
import { Announcer } from '#components/ui/announce.tsx'
import { Link } from '#components/ui/link.tsx'
import { Brakes } from './brakes.tsx'
import { DemoSwitch } from './demo-switch.tsx'
import { type Desk, DeskProvider } from './desk.tsx'
import { EnvironmentSwitch } from './environment-switch.tsx'
import { LiveStatus } from './live-status.tsx'
import { Navigation } from './navigation.tsx'
import { PersonMenu } from './person-menu.tsx'
import { SearchBox } from './search-box.tsx'
import { Shortcuts } from './shortcuts.tsx'
import { SideSheet } from './side-sheet.tsx'
import { type Theme, ThemeToggle } from './theme-toggle.tsx'

/** What stands around every page of an environment. */
export function Frame({ desk, theme, children }: { desk: Desk; theme: Theme; children: ReactNode }) {
  return (
    <QueryProvider>
      <DeskProvider desk={desk}>
        <a
          href="#main"
          className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent-fill px-3 py-1.5 text-sm font-medium text-on-accent focus:translate-y-0"
        >
          Skip to content
        </a>
        {/* The colour of where one is, over everything; its name stands in the header. */}
        {!desk.nowhere && (
          <div className={`fixed inset-x-0 top-0 z-40 h-1 ${COLOURS[desk.environment.colour]}`} aria-hidden />
        )}
        <div className="flex min-h-dvh">
          <aside
            aria-label="Side"
            className="sticky top-0 flex h-dvh w-52 shrink-0 flex-col gap-4 border-r bg-panel p-3 max-lg:hidden"
          >
            <Link
              href={`/${encodeURIComponent(desk.environment.name)}`}
              className="flex h-7 items-center gap-2 px-2 text-sm font-semibold tracking-tight"
            >
              <Mark />
              Matchdesk
            </Link>
            <Navigation />
            <div className="mt-auto">
              <DemoSwitch />
            </div>
          </aside>
          <div className="flex min-w-0 flex-1 flex-col">
            <header className="sticky top-0 z-30 flex flex-wrap items-center gap-x-3 gap-y-2 border-b bg-panel px-4 py-2 lg:px-6">
              <div className="lg:hidden">
                <SideSheet />
              </div>
              <EnvironmentSwitch />
              <div className="mx-auto w-full max-w-lg min-w-0 max-sm:order-last sm:flex-1">
                <SearchBox />
              </div>
              <div className="flex items-center gap-2 max-sm:ml-auto sm:gap-3">
                <LiveStatus />
                <ThemeToggle theme={theme} />
                <PersonMenu />
              </div>
            </header>
            <Brakes />
            <main
              id="main"
              tabIndex={-1}
              className="mx-auto w-full max-w-[1600px] flex-1 px-4 py-5 outline-none lg:px-6"
            >
              {children}
            </main>
          </div>
        </div>
        <Announcer />
        <Shortcuts />
        <LiveUpdates environment={desk.environment.name} />
      </DeskProvider>
    </QueryProvider>
  )
}

/** Two parties becoming one match. */
function Mark() {
  return (
    <svg viewBox="0 0 20 20" className="size-5 text-accent" aria-hidden="true">
      <circle cx="7" cy="10" r="5.25" fill="none" stroke="currentColor" strokeWidth="1.75" />
      <circle cx="13" cy="10" r="5.25" fill="none" stroke="currentColor" strokeWidth="1.75" />
      <path d="M10 6.2a5.2 5.2 0 0 1 0 7.6 5.2 5.2 0 0 1 0-7.6" fill="currentColor" />
    </svg>
  )
}
