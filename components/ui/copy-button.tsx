'use client'

import { clsx } from 'clsx'
import { Check, Copy } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'

interface CopyButtonProps {
  text: string
  /** What is copied, for people who cannot see the place: "ticket id t-1". */
  label: string
  className?: string
  children?: ReactNode
}

/** Copies and says so in place: no message flies in for something this small. */
export function CopyButton({ text, label, className, children }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), 1600)
    return () => clearTimeout(timer)
  }, [state])

  const said = state === 'copied' ? `Copied ${label}` : state === 'failed' ? `Could not copy ${label}` : `Copy ${label}`
  return (
    <button
      type="button"
      aria-label={said}
      title={said}
      onClick={() => writeClipboard(text).then((ok) => setState(ok ? 'copied' : 'failed'))}
      className={clsx(
        'inline-flex h-6 min-w-6 shrink-0 items-center justify-center gap-1.5 rounded text-faint hover:bg-hover hover:text-text',
        className,
      )}
    >
      {state === 'copied' ? (
        <Check className="size-3.5 text-good" aria-hidden />
      ) : (
        <Copy className="size-3.5" aria-hidden />
      )}
      {children}
    </button>
  )
}

/** The clipboard API needs a secure context; a desk reached by plain HTTP still has the old way. */
export async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    area.className = 'fixed opacity-0'
    // Inside an open dialog everything outside is inert and cannot be selected.
    const host = document.querySelector('dialog[open]') ?? document.body
    const focused = document.activeElement
    host.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    if (focused instanceof HTMLElement) focused.focus()
    return done
  }
}
