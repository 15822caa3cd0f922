'use client'

import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { ChevronDown, CircleX } from 'lucide-react'
import Link from 'next/link'
import { COLOURS } from '#components/environments/colours.ts'
import { queries } from '#components/live/queries.ts'
import { MENU_ITEM, Menu } from '#components/ui/menu.tsx'
import { useDesk } from './desk.tsx'
import { EnvironmentTag } from './environment-tag.tsx'

/** Where one is, and the way to the others. */
export function EnvironmentSwitch() {
  const { environment, nowhere = false } = useDesk()
  return (
    <Menu
      align="left"
      className="min-w-64"
      buttonClassName="inline-flex h-8 items-center gap-1.5 rounded-md px-2 hover:bg-hover"
      label={
        <>
          {nowhere ? (
            <span className="text-sm font-semibold">All environments</span>
          ) : (
            <EnvironmentTag environment={environment} short />
          )}
          <ChevronDown className="size-3.5 text-muted" aria-hidden />
        </>
      }
    >
      {(close) => (
        <>
          <Others onNavigate={close} />
          <Link href="/environments" className={clsx(MENU_ITEM, 'border-t text-muted')} onClick={close}>
            All environments
          </Link>
        </>
      )}
    </Menu>
  )
}

/** Asked how they are only when somebody looks: one that does not answer says so before one goes there. */
function Others({ onNavigate }: { onNavigate: () => void }) {
  const { environment, environments, nowhere = false } = useDesk()
  const { data: states } = useQuery(queries.environments())
  return environments.map((each) => {
    const down = states?.find(({ name }) => name === each.name)?.outage ?? null
    return (
      <Link
        key={each.name}
        href={`/${encodeURIComponent(each.name)}`}
        className={MENU_ITEM}
        aria-current={(!nowhere && each.name === environment.name) || undefined}
        onClick={onNavigate}
      >
        <span className={clsx('h-4 w-1 rounded-full', COLOURS[each.colour])} aria-hidden />
        <EnvironmentTag environment={each} />
        {down !== null && (
          <span className="ml-auto flex items-center gap-1 text-xs text-bad" title={down.message}>
            <CircleX className="size-3.5" aria-hidden />
            no answer
          </span>
        )}
      </Link>
    )
  })
}
