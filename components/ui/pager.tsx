'use client'

import { clsx } from 'clsx'
import { ChevronLeft, ChevronRight, ChevronsLeft } from 'lucide-react'
import { useEffect, useSyncExternalStore } from 'react'
import { Link } from '#components/ui/link.tsx'
import { BUTTON_LOOKS, BUTTON_SHAPE, BUTTON_SIZES } from './button.tsx'

interface PagerProps {
  cursor: string | null
  nextCursor: string | null
  hrefOf: (cursor: string | null) => string
  newestFirst: boolean
  shown: number
}

const LINK = clsx(BUTTON_SHAPE, BUTTON_SIZES.small, BUTTON_LOOKS.secondary)
const PREFIX = 'matchdesk-page-before '

/**
 * Pages of a list that grows at one end. Cursors point onwards only, so the way back is remembered by this tab; a page
 * opened from a link offers the first page instead.
 */
export function Pager({ cursor, nextCursor, hrefOf, newestFirst, shown }: PagerProps) {
  const nextHref = nextCursor === null ? null : hrefOf(nextCursor)
  const hereHref = hrefOf(cursor)

  useEffect(() => {
    if (nextHref !== null) remember(nextHref, hereHref)
  }, [nextHref, hereHref])

  if (cursor === null && nextCursor === null) {
    return <p className="border-t px-4 py-2 text-xs text-muted">{shown === 1 ? '1 row' : `All ${shown} rows`}</p>
  }
  const back = newestFirst ? 'Newer' : 'Older'
  const onwards = newestFirst ? 'Older' : 'Newer'
  return (
    <nav aria-label="Pages of this list" className="flex items-center gap-2 border-t px-3 py-2 text-xs text-muted">
      <span className="mr-auto">{shown} rows</span>
      {cursor !== null && (
        <Link className={LINK} href={hrefOf(null)} prefetch={false}>
          <ChevronsLeft className="size-3.5" aria-hidden />
          {newestFirst ? 'Newest' : 'Oldest'}
        </Link>
      )}
      {cursor !== null && <BackLink hereHref={hereHref} text={back} />}
      {nextHref !== null && (
        <Link className={LINK} href={nextHref} prefetch={false}>
          {onwards}
          <ChevronRight className="size-3.5" aria-hidden />
        </Link>
      )}
    </nav>
  )
}

function BackLink({ hereHref, text }: { hereHref: string; text: string }) {
  const before = useSyncExternalStore(
    () => () => {},
    () => remembered(hereHref),
    () => null,
  )
  if (before === null) return null
  return (
    <Link className={LINK} href={before} prefetch={false}>
      <ChevronLeft className="size-3.5" aria-hidden />
      {text}
    </Link>
  )
}

function remember(href: string, before: string): void {
  try {
    sessionStorage.setItem(PREFIX + href, before)
  } catch {
    // Without storage there is still the way to the first page.
  }
}
function remembered(href: string): string | null {
  try {
    return sessionStorage.getItem(PREFIX + href)
  } catch {
    return null
  }
}
