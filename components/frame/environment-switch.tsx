'use client'

import { clsx } from 'clsx'
import { ChevronDown } from 'lucide-react'
import Link from 'next/link'
import { COLOURS } from '#components/environments/colours.ts'
import { MENU_ITEM, Menu } from '#components/ui/menu.tsx'
import { useDesk } from './desk.tsx'
import { EnvironmentTag } from './environment-tag.tsx'

/** Where one is, and the way to the others. */
export function EnvironmentSwitch() {
  const { environment, environments, nowhere = false } = useDesk()
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
          {environments.map((each) => (
            <Link
              key={each.name}
              href={`/${encodeURIComponent(each.name)}`}
              className={MENU_ITEM}
              aria-current={(!nowhere && each.name === environment.name) || undefined}
              onClick={close}
            >
              <span className={clsx('h-4 w-1 rounded-full', COLOURS[each.colour])} aria-hidden />
              <EnvironmentTag environment={each} />
            </Link>
          ))}
          <Link href="/environments" className={clsx(MENU_ITEM, 'border-t text-muted')} onClick={close}>
            All environments
          </Link>
        </>
      )}
    </Menu>
  )
}
