'use client'

import { ChevronUp } from 'lucide-react'
import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import { isShortcut } from '#components/frame/single-keys.ts'
import { announce } from '#components/ui/announce.tsx'
import { formatCount } from '#components/ui/format-time.ts'

interface LiveListProps {
  /** How many rows wait to be let in. */
  waiting: number
  /** Told whether somebody reads: pointer or focus inside. */
  hold: (reading: boolean) => void
  showLatest: () => void
  children: ReactNode
}

/** Around a table that changes by itself: notices who reads it, offers what is new, and brings j, k and `.`. */
export function LiveList({ waiting, hold, showLatest, children }: LiveListProps) {
  const root = useRef<HTMLDivElement>(null)
  useRowKeys(root, showLatest)
  useEffect(() => {
    if (waiting > 0) announce(`${waiting} new in this list.`)
  }, [waiting])

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only watches whether somebody is reading
    // biome-ignore lint/a11y/useKeyWithClickEvents: the link in the row is the keyboard's way
    <div
      ref={root}
      className="relative"
      onPointerEnter={(event) => event.pointerType === 'mouse' && hold(true)}
      onPointerLeave={(event) => hold(event.currentTarget.contains(document.activeElement))}
      onFocus={() => hold(true)}
      onBlur={(event) =>
        !event.currentTarget.contains(event.relatedTarget) && hold(event.currentTarget.matches(':hover'))
      }
      onClick={openRow}
    >
      {waiting > 0 && (
        <button
          type="button"
          onClick={showLatest}
          className="absolute top-1 left-1/2 z-10 inline-flex h-6 -translate-x-1/2 items-center gap-1 rounded-full bg-accent-fill px-2.5 text-xs font-medium text-on-accent shadow-raised hover:bg-accent-fill-hover"
        >
          {formatCount(waiting)} new
          <ChevronUp className="size-3.5" aria-hidden />
        </button>
      )}
      {children}
    </div>
  )
}

/** A click anywhere in a row opens what the row is about, unless it was on a control or selected text. */
function openRow(event: React.MouseEvent): void {
  const { target } = event
  if (
    !(target instanceof Element) ||
    target.closest('a, button, label, input') ||
    getSelection()?.isCollapsed === false
  )
    return
  linkOf(target.closest('tbody tr'))?.click()
}

/** Where a row holds other links before its own, its own is marked. */
function linkOf(row: Element | null | undefined): HTMLElement | null {
  return row?.querySelector<HTMLElement>('[data-opens-row] a') ?? row?.querySelector('a') ?? null
}

/** Enter is the link's own. */
function useRowKeys(root: RefObject<HTMLElement | null>, showLatest: () => void) {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!isShortcut(event)) return
      if (event.key === '.') showLatest()
      else if (event.key === 'j' || event.key === 'k') {
        const rows = [...(root.current?.querySelectorAll('tbody tr') ?? [])]
        const at = rows.findIndex((row) => row.contains(document.activeElement))
        const next = event.key === 'j' ? at + 1 : at === -1 ? rows.length - 1 : at - 1
        linkOf(rows[Math.max(0, Math.min(next, rows.length - 1))])?.focus()
      } else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [root, showLatest])
}
