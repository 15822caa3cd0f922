/** Rows D6 and D7: from a committed transition to the browsers that watch. */
import { percentile } from '../ratios.ts'
import type { RowGroup } from '../row-group.ts'
import { figure } from '../rows.ts'
import { makeBuilds } from '../web/builds.ts'
import { startDashboard } from '../web/sites.ts'
import { anchorFanOut, dashboardFanOut, type FanOut, PER_SECOND } from './fan-out.ts'
import { onScreen } from './on-screen.ts'

const screen: RowGroup = {
  section: 'live',
  ids: ['D6'],
  async measure(bench) {
    await makeBuilds()
    const databaseUrl = await (await bench.databases()).create()
    const dashboard = await startDashboard(databaseUrl)
    try {
      for (const perSecond of [100, 1_000]) {
        const found = await onScreen(dashboard, databaseUrl, perSecond, bench.quick ? 8_000 : 25_000)
        const { latenciesMs, missed } = found
        bench.report({
          ...{ id: 'D6', what: `committed to seen, ${figure(perSecond)} a second`, cpuMs: null, perCpuSecond: null },
          ...{
            value: percentile(latenciesMs, 0.99),
            unit: 'ms p99',
            anchor: 'nothing (absolute)',
            base: 500,
            moon: 200,
          },
          ...{ better: 'lower', cut: missed > 0, smaller: found.perSecond < 0.9 * perSecond },
          note: `p50 ${figure(percentile(latenciesMs, 0.5))} ms of ${latenciesMs.length}; committed ${figure(found.perSecond)}/s`,
        })
      }
    } finally {
      await dashboard.stop()
    }
  },
}

const fanOut: RowGroup = {
  section: 'live',
  ids: ['D7'],
  async measure(bench) {
    await makeBuilds()
    const clients = bench.quick ? 200 : 1_000
    const ms = bench.quick ? 4_000 : 10_000
    const databaseUrl = await (await bench.databases()).create()
    const dashboard = await startDashboard(databaseUrl)
    let ours: FanOut | null = null
    let least: FanOut | null = null
    try {
      for (let round = 0; round < (bench.quick ? 1 : 3); round++) {
        least = cheaper(least, await anchorFanOut(clients, ms))
        ours = cheaper(ours, await dashboardFanOut(dashboard, databaseUrl, clients, ms))
      }
    } finally {
      await dashboard.stop()
    }
    if (!ours || !least) throw new Error('Nothing was measured.')
    const common = {
      ...({ id: 'D7', cpuMs: ours.cpuMs, better: 'lower', smaller: clients < 1_000 } as const),
      perCpuSecond: (1000 * ours.deliveries) / ours.cpuMs,
    }
    const rate = (1000 * ours.deliveries) / ours.wallMs / clients
    bench.report({
      ...common,
      ...{ what: `a change to ${figure(clients)} browsers`, value: perDelivery(ours) / perDelivery(least) },
      ...{ unit: 'x the CPU', anchor: 'node:http, one buffer', base: 2, moon: 1.2 },
      note: `${figure(1000 * perDelivery(ours))} over ${figure(1000 * perDelivery(least))} us a delivery`,
    })
    bench.report({
      ...common,
      ...{
        what: `the same, ${PER_SECOND} times a second`,
        value: (100 * ours.cpuMs) / ours.wallMs,
        unit: '% of a core',
      },
      ...{ anchor: 'nothing (absolute)', base: 30, moon: 15, note: `${figure(rate)} came to each in a second` },
    })
  },
}

export const LIVE_ROWS: readonly RowGroup[] = [screen, fanOut]

function perDelivery({ cpuMs, deliveries }: FanOut): number {
  return cpuMs / deliveries
}

function cheaper(known: FanOut | null, found: FanOut): FanOut {
  return known !== null && perDelivery(known) <= perDelivery(found) ? known : found
}
