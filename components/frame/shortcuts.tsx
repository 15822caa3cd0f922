'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { Dialog } from '#components/ui/dialog.tsx'
import { Switch } from '#components/ui/switch.tsx'
import { useHref } from './desk.tsx'
import { PAGES } from './pages.ts'

const STORED = 'matchdesk-single-keys'
const SEARCH_ID = 'desk-search'

export function focusSearch(): void {
  const input = document.getElementById(SEARCH_ID)
  if (input instanceof HTMLInputElement) {
    input.focus()
    input.select()
  }
}
export { SEARCH_ID }

/** Whether single letters act: one may turn them off (speech input types letters by accident). */
export function singleKeysOn(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off'
  } catch {
    return true
  }
}

/** True for a plain key pressed while nothing is being typed and no dialog is open. */
export function isShortcut(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !singleKeysOn()) return false
  const { target } = event
  if (target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], dialog'))
    return false
  return document.querySelector('dialog[open]') === null
}

let openList: (() => void) | undefined
export function openShortcutList(): void {
  openList?.()
}

/** Mounted once: the keys that work on every page, and their list under `?`. */
export function Shortcuts() {
  const router = useRouter()
  const href = useHref()
  const [open, setOpen] = useState(false)
  const [on, setOn] = useState(true)

  useEffect(() => {
    openList = () => {
      setOn(singleKeysOn())
      setOpen(true)
    }
    let afterG = 0
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        focusSearch()
        return
      }
      if (!isShortcut(event)) return
      const page = Date.now() - afterG < 1200 ? PAGES.find(({ key }) => key === event.key) : undefined
      afterG = event.key === 'g' ? Date.now() : 0
      if (page) router.push(href(page.path))
      else if (event.key === '/') focusSearch()
      else if (event.key === '?') openList?.()
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => {
      document.removeEventListener('keydown', onKeyDown)
      openList = undefined
    }
  }, [router, href])

  return (
    <Dialog open={open} onClose={() => setOpen(false)} title="Keyboard shortcuts">
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-1.5 text-sm">
        <Keys keys={['Ctrl K', '⌘ K', '/']} what="Find a ticket, player, match or session by its id" />
        <Keys keys={['j', 'k']} what="Next and previous ticket in a list" />
        <Keys keys={['Enter']} what="Open the ticket" />
        <Keys keys={['.']} what="Show the new tickets that wait above the list" />
        {PAGES.map(({ name, key }) => (
          <Keys key={key} keys={[`g ${key}`]} what={`Go to ${name.toLowerCase()}`} />
        ))}
        <Keys keys={['?']} what="This list" />
      </dl>
      <div className="mt-2 flex items-center justify-between border-t pt-3 text-sm">
        <span>Single keys act</span>
        <Switch
          on={on}
          label="Single keys act"
          onChange={(next) => {
            setOn(next)
            try {
              localStorage.setItem(STORED, next ? 'on' : 'off')
            } catch {
              // Without storage the choice cannot be kept; the keys stay on.
            }
          }}
        />
      </div>
    </Dialog>
  )
}

function Keys({ keys, what }: { keys: string[]; what: string }) {
  return (
    <>
      <dt className="flex gap-1">
        {keys.map((key) => (
          <kbd key={key} className="rounded border border-line-strong bg-sunken px-1.5 font-mono text-xs">
            {key}
          </kbd>
        ))}
      </dt>
      <dd className="text-muted">{what}</dd>
    </>
  )
}
