'use client'

import { ChevronDown } from 'lucide-react'
import Link from 'next/link'
import { MENU_ITEM, Menu } from '#components/ui/menu.tsx'
import { useDesk } from './desk.tsx'
import { EnvironmentTag } from './environment-tag.tsx'

/** Where one is; with more than one environment, also the way to the others. */
export function EnvironmentSwitch() {
  const { environment, environments } = useDesk()
  if (environments.length < 2) return <EnvironmentTag environment={environment} short />
  return (
    <Menu
      align="left"
      className="min-w-64"
      buttonClassName="inline-flex h-8 items-center gap-1.5 rounded-md px-2 hover:bg-hover"
      label={
        <>
          <EnvironmentTag environment={environment} short />
          <ChevronDown className="size-3.5 text-muted" aria-hidden />
        </>
      }
    >
      {(close) =>
        environments.map((each) => (
          <Link
            key={each.name}
            href={`/${encodeURIComponent(each.name)}`}
            className={MENU_ITEM}
            aria-current={each.name === environment.name || undefined}
            onClick={close}
          >
            <EnvironmentTag environment={each} />
          </Link>
        ))
      }
    </Menu>
  )
}
