'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'

/** The least that a live list has in the browser: a stream, and a way to another list. */
export function Island({ other }) {
  const router = useRouter()
  const [heard, setHeard] = useState(0)
  useEffect(() => {
    const source = new EventSource('/live')
    source.addEventListener('change', () => setHeard((count) => count + 1))
    return () => source.close()
  }, [])
  return (
    <button type="button" data-bench-filter="" onClick={() => router.push(other)}>
      Filter {heard}
    </button>
  )
}
