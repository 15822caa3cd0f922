'use client'

import { useRouter } from 'next/navigation'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useDesk } from './desk.tsx'
import { addressOfPage, PAGES } from './pages.ts'
import { focusSearch } from './search-box.tsx'
import { isShortcut } from './single-keys.ts'

const ShortcutList = lazy(() => import('./shortcut-list.tsx').then((module) => ({ default: module.ShortcutList })))
/** How long after `g` the second key counts. */
const SEQUENCE_MS = 1200

let openList: (() => void) | undefined
export function openShortcutList(): void {
  openList?.()
}

/** Mounted once: the keys that work on every page, and their list under `?`. */
export function Shortcuts() {
  const router = useRouter()
  const { name } = useDesk().environment
  const [open, setOpen] = useState(false)

  useEffect(() => {
    openList = () => setOpen(true)
    let afterG = 0
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        focusSearch()
        return
      }
      if (!isShortcut(event)) return
      const page = Date.now() - afterG < SEQUENCE_MS ? PAGES.find(({ key }) => key === event.key) : undefined
      afterG = event.key === 'g' ? Date.now() : 0
      if (page) router.push(addressOfPage(page, name))
      else if (event.key === '/') focusSearch()
      else if (event.key === '?') setOpen(true)
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => {
      document.removeEventListener('keydown', onKeyDown)
      openList = undefined
    }
  }, [router, name])

  return open ? (
    <Suspense>
      <ShortcutList onClose={() => setOpen(false)} />
    </Suspense>
  ) : null
}
