'use client'

import { clsx } from 'clsx'
import { ChevronDown, Terminal } from 'lucide-react'
import type { ReactNode } from 'react'
import { BUTTON_LOOKS, BUTTON_SHAPE, BUTTON_SIZES } from '#components/ui/button.tsx'
import { Menu } from '#components/ui/menu.tsx'

/** Each action of the page as the command that does the same from a terminal: the menu. What is in it comes late. */
export function CopyCli({ children }: { children: ReactNode }) {
  return (
    <Menu
      className="w-80 max-sm:fixed max-sm:inset-x-4 max-sm:top-auto max-sm:w-auto"
      buttonClassName={clsx(BUTTON_SHAPE, BUTTON_SIZES.medium, BUTTON_LOOKS.secondary)}
      label={
        <>
          <Terminal className="size-4" aria-hidden />
          Copy as AWS CLI
          <ChevronDown className="size-3.5 text-muted" aria-hidden />
        </>
      }
    >
      {() => children}
    </Menu>
  )
}
