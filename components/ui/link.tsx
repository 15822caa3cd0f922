'use client'

import { useRouter } from 'next/navigation'
import type { AnchorHTMLAttributes, MouseEvent } from 'react'

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  /** An address of this dashboard. */
  href: string
  /** Whether the frame of the page is fetched as soon as somebody points at the link. Not for the many links of a list. */
  prefetch?: boolean
}

/**
 * A link to a page of the dashboard, opened without loading everything anew; what opens a new tab still does. The
 * framework's own link is 3 kB of every page, for cases that do not come up here.
 */
export function Link({ href, prefetch = true, onClick, onPointerEnter, onFocus, ...rest }: LinkProps) {
  const router = useRouter()
  const soon = () => {
    if (prefetch) router.prefetch(href)
  }
  return (
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        onClick?.(event)
        if (!isPlain(event)) return
        event.preventDefault()
        router.push(href)
      }}
      onPointerEnter={(event) => {
        onPointerEnter?.(event)
        soon()
      }}
      onFocus={(event) => {
        onFocus?.(event)
        soon()
      }}
    />
  )
}

/** With a key held, or another button, a link opens elsewhere: that is the browser's. */
function isPlain({ button, metaKey, ctrlKey, shiftKey, altKey, defaultPrevented, currentTarget }: MouseEvent): boolean {
  const { target } = currentTarget as HTMLAnchorElement
  return button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey && !defaultPrevented && target === ''
}
