'use client'

import { Menu as MenuIcon, X } from 'lucide-react'
import { useRef } from 'react'
import { Button } from '#components/ui/button.tsx'
import { DemoSwitch } from './demo-switch.tsx'
import { Navigation } from './navigation.tsx'

/** The side, where there is no room for it: a sheet over the page. */
export function SideSheet() {
  const sheet = useRef<HTMLDialogElement>(null)
  const close = () => sheet.current?.close()
  return (
    <>
      <Button look="ghost" size="icon" aria-label="Pages" onClick={() => sheet.current?.showModal()}>
        <MenuIcon className="size-4" aria-hidden />
      </Button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the keyboard's way out, the browser brings it */}
      <dialog
        ref={sheet}
        aria-label="Pages"
        onClick={(event) => event.target === sheet.current && close()}
        className="m-0 h-dvh max-h-none w-64 max-w-[80vw] border-r border-line-strong bg-raised p-0 text-text"
      >
        <div className="flex h-full flex-col gap-3 p-3">
          <div className="flex items-center justify-between">
            <span className="pl-2 text-sm font-semibold">Matchdesk</span>
            <Button look="ghost" size="icon" aria-label="Close" onClick={close}>
              <X className="size-4" aria-hidden />
            </Button>
          </div>
          <Navigation onNavigate={close} />
          <div className="mt-auto">
            <DemoSwitch />
          </div>
        </div>
      </dialog>
    </>
  )
}
