'use client'

import { clsx } from 'clsx'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'

interface MenuProps {
  /** What the button shows. */
  label: ReactNode
  /** For people who cannot see it, when the label is not words. */
  name?: string
  buttonClassName: string
  align?: 'left' | 'right'
  className?: string
  children: (close: () => void) => ReactNode
}

/** A button that shows a panel of links and buttons. Escape, a click elsewhere or leaving it closes it. */
export function Menu({ label, name, buttonClassName, align = 'right', className, children }: MenuProps) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()

  useEffect(() => {
    if (!open) return
    const outside = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    document.addEventListener('focusin', outside)
    return () => {
      document.removeEventListener('pointerdown', outside)
      document.removeEventListener('focusin', outside)
    }
  }, [open])

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: listens for Escape from whatever is inside
    <div
      ref={root}
      className="relative"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return
        event.stopPropagation()
        setOpen(false)
        button.current?.focus()
      }}
    >
      <button
        ref={button}
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className={buttonClassName}
      >
        {name === undefined ? (
          label
        ) : (
          <>
            <span aria-hidden="true" className="contents">
              {label}
            </span>
            <span className="sr-only">{name}</span>
          </>
        )}
      </button>
      <div
        id={id}
        hidden={!open}
        className={clsx(
          'absolute top-full z-40 mt-1 rounded-lg border border-line-strong bg-raised p-1 shadow-raised',
          align === 'right' ? 'right-0' : 'left-0',
          className,
        )}
      >
        {open && children(() => setOpen(false))}
      </div>
    </div>
  )
}

export const MENU_ITEM =
  'flex min-h-8 w-full items-center gap-2 rounded px-2 py-1 text-left text-sm text-text hover:bg-hover'
