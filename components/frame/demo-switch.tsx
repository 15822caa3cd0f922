'use client'

import { late } from '#components/ui/late.tsx'
import { useDesk } from './desk.tsx'

const DemoTraffic = late(() => import('./demo-traffic.tsx').then((module) => module.DemoTraffic))

/** The switch of the virtual players, where there can be any: it comes when the page stands. */
export function DemoSwitch() {
  return useDesk().environment.kind === 'local' ? <DemoTraffic when /> : null
}
