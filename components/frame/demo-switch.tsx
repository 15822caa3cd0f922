'use client'

import { late } from '#components/ui/late.tsx'
import { DEFAULT_ENVIRONMENT } from '#lib/environments/environment.ts'
import { useDesk } from './desk.tsx'

const DemoTraffic = late(() => import('./demo-traffic.tsx').then((module) => module.DemoTraffic))

/** The switch of the virtual players, where there can be any: it comes when the page stands. */
export function DemoSwitch() {
  // It belongs to the built-in engine, and is judged there.
  return useDesk().environment.name === DEFAULT_ENVIRONMENT ? <DemoTraffic when /> : null
}
