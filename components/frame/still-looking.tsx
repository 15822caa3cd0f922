'use client'

import { late } from '#components/ui/late.tsx'

const NotFoundYet = late(() => import('./not-found-yet.tsx').then((module) => module.NotFoundYet))

/** What looks on for something that was not found. Late, because "not found" is a part of every page's first load. */
export function StillLooking() {
  return <NotFoundYet when />
}
