'use client'

import { ChevronDown } from 'lucide-react'
import { useEffect } from 'react'
import { late } from '#components/ui/late.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { useDesk } from './desk.tsx'
import { EnvironmentTag } from './environment-tag.tsx'

const EnvironmentChoices = late(() => import('./environment-choices.tsx').then((module) => module.EnvironmentChoices))

/** Where one is, and the way to the others. */
export function EnvironmentSwitch() {
  const { environment, nowhere = false } = useDesk()
  useEffect(EnvironmentChoices.soon, [])
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
      {(close) => <EnvironmentChoices when close={close} />}
    </Menu>
  )
}
