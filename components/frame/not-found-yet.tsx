'use client'

import { usePathname } from 'next/navigation'
import { useEffect } from 'react'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { describeAddress } from './describe-address.ts'

const SOON_MS = 3_000
const SOON_TIMES = 20
const LATER_MS = 30_000
const NOTHING = { queryKey: ['find'], queryFn: null } as const

/** Renders nothing: goes on looking for what an address named, and opens it when it is there. */
export function NotFoundYet() {
  const { awaited } = describeAddress(usePathname())
  const { data } = useQuery({
    ...(awaited ? queries.find(awaited.environment, awaited.id) : NOTHING),
    // An id that is still unknown after a minute is most likely mistyped.
    refetchInterval: (answers) => (answers < SOON_TIMES ? SOON_MS : LATER_MS),
  })
  const isThere = awaited !== null && data?.found === true && data.kind === awaited.kind
  useEffect(() => {
    // Loaded anew: the router keeps a page that was not found for as long as its address stays.
    if (isThere) window.location.reload()
  }, [isThere])
  return null
}
