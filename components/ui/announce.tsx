'use client'

import { useEffect, useState } from 'react'

/** Polite, and at most one message in this time: a live desk must not talk without pause. */
const QUIET_MS = 5000
let say: ((text: string) => void) | undefined
let lastAt = 0
let waiting: ReturnType<typeof setTimeout> | undefined

/** Tells people who listen to the page. When more comes than may be said, the newest is said. */
export function announce(text: string): void {
  clearTimeout(waiting)
  waiting = setTimeout(
    () => {
      lastAt = Date.now()
      say?.(text)
    },
    Math.max(0, lastAt + QUIET_MS - Date.now()),
  )
}

/** Mounted once. */
export function Announcer() {
  const [text, setText] = useState('')
  useEffect(() => {
    say = setText
    return () => {
      say = undefined
    }
  }, [])
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {text}
    </div>
  )
}
