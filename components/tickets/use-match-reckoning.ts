'use client'

import { useEffect, useState } from 'react'

type Reckoning = typeof import('./match-reckoning.ts')
let here: Reckoning | null = null

/** null until it is loaded, right after the page: what is told without it is true, but names nobody. */
export function useMatchReckoning(): Reckoning | null {
  const [reckoning, setReckoning] = useState(here)
  useEffect(() => {
    if (here) return
    import('./match-reckoning.ts').then(
      (module) => {
        here = module
        setReckoning(module)
      },
      () => {}, // tried again by the next page
    )
  }, [])
  return reckoning
}
