/** Rows D8 to D10: what a page weighs, in the browser and on the server. Each against an app of next to nothing. */
import type { Bench, RowGroup } from '../row-group.ts'
import { figure } from '../rows.ts'
import { makeBuilds } from './builds.ts'
import { launchBrowser, loadPage, type PageLoad } from './page-load.ts'
import { scriptBytes } from './script-bytes.ts'
import { OPENED, seedPages } from './seed.ts'
import { type Site, startDashboard, startEmptyApp } from './sites.ts'

const LIST = '/local/tickets?tab=all'
const FILTER = 'nav[aria-label="Tickets by status"] a:has-text("Completed")'
const EMPTY_FILTER = '[data-bench-filter]'
const PAGES = [
  '/local',
  '/local/tickets',
  `/local/tickets/${OPENED.ticketId}`,
  '/local/matches',
  `/local/matches/${OPENED.matchId}`,
  '/local/sessions',
  `/local/sessions/${encodeURIComponent(OPENED.gameSessionArn)}`,
  '/local/configurations',
  '/local/rule-sets',
  '/local/health',
  '/local/set-aside',
  '/environments',
  '/environments/connect',
  '/environments/switches',
]
const KB = 1_000

const weight: RowGroup = {
  section: 'web',
  ids: ['D8'],
  async measure(bench) {
    await withSites(bench, async ({ dashboard, empty }) => {
      const sizes = await scriptBytes(dashboard, PAGES)
      const floor = (await scriptBytes(empty, ['/'])).get('/')!
      const heaviest = [...sizes].sort(([, a], [, b]) => b - a)
      const [page, bytes] = heaviest[0]!
      const lightest = heaviest.at(-1)!
      const common = { id: 'D8', cpuMs: null, perCpuSecond: null, better: 'lower' } as const
      bench.report({
        ...common,
        ...{ what: `first scripts, ${PAGES.length} pages`, value: bytes / KB, unit: 'kB gz', base: 180, moon: 155 },
        ...{
          anchor: 'nothing (absolute)',
          note: `${shortened(page)}; least ${figure(lightest[1] / KB)}, ${lightest[0]}`,
        },
      })
      bench.report({
        ...common,
        ...{ what: 'of them our own', value: (bytes - floor) / KB, unit: 'kB gz', base: 40, moon: 17 },
        ...{ anchor: 'an empty Next app', note: `that one ${figure(floor / KB)}` },
      })
    })
  },
}

const inBrowser: RowGroup = {
  section: 'web',
  ids: ['D9'],
  async measure(bench) {
    const rounds = bench.quick ? 3 : 9
    await withSites(bench, async ({ dashboard, empty }) => {
      const browser = await launchBrowser()
      const ours: PageLoad[] = []
      const least: PageLoad[] = []
      try {
        await loadPage(browser, dashboard, LIST, FILTER) // whatever the servers do for the first time
        await loadPage(browser, empty, '/', EMPTY_FILTER)
        for (let round = 0; round < rounds; round++) {
          least.push(await loadPage(browser, empty, '/', EMPTY_FILTER))
          ours.push(await loadPage(browser, dashboard, LIST, FILTER))
        }
      } finally {
        await browser.close()
      }
      for (const { what, of, base, moon } of [
        { what: 'first contentful paint', of: 'fcpMs', base: 600, moon: 300 },
        { what: 'total blocking time', of: 'tbtMs', base: 300, moon: 160 },
        { what: 'filter click to paint', of: 'inpMs', base: 200, moon: 80 },
      ] as const) {
        bench.report({
          ...{ id: 'D9', what: `list, 4x slower: ${what}`, cpuMs: null, perCpuSecond: null },
          ...{ value: median(ours.map((load) => load[of])), unit: 'ms', anchor: 'nothing (absolute)', base, moon },
          ...{ better: 'lower', note: `an empty Next app ${figure(median(least.map((load) => load[of])))} ms` },
        })
      }
    })
  },
}

const onServer: RowGroup = {
  section: 'web',
  ids: ['D10'],
  async measure(bench) {
    const rounds = bench.quick ? 2 : 5
    const requests = bench.quick ? 50 : 100
    await withSites(bench, async ({ dashboard, empty }) => {
      await draw(dashboard, LIST, requests)
      await draw(empty, '/', requests)
      let ours = Infinity
      let least = Infinity
      for (let round = 0; round < rounds; round++) {
        least = Math.min(least, await draw(empty, '/', requests))
        ours = Math.min(ours, await draw(dashboard, LIST, requests))
      }
      bench.report({
        ...{ id: 'D10', what: 'list of 50 drawn on the server', cpuMs: ours, perCpuSecond: (1000 * requests) / ours },
        ...{
          value: ours / least,
          unit: 'x the CPU',
          anchor: 'an empty Next app',
          base: 2.5,
          moon: 1.4,
          better: 'lower',
        },
        note: `${figure(ours / requests)} over ${figure(least / requests)} ms a page`,
      })
    })
  },
}

export const WEB_ROWS: readonly RowGroup[] = [weight, inBrowser, onServer]

/** CPU ms of the process for so many requests, one after the other. */
async function draw({ url, cookie, cpuMs }: Site, page: string, requests: number): Promise<number> {
  const before = await cpuMs()
  for (let request = 0; request < requests; request++) {
    const response = await fetch(`${url}${page}`, { headers: { cookie } })
    if (!response.ok) throw new Error(`${page} answered with ${response.status}.`)
    await response.bytes()
  }
  return (await cpuMs()) - before
}

async function withSites(bench: Bench, use: (sites: { dashboard: Site; empty: Site }) => Promise<void>): Promise<void> {
  await makeBuilds()
  const databaseUrl = await (await bench.databases()).create()
  await seedPages(databaseUrl)
  const dashboard = await startDashboard(databaseUrl)
  try {
    const empty = await startEmptyApp()
    await use({ dashboard, empty }).finally(() => empty.stop())
  } finally {
    await dashboard.stop()
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function shortened(page: string): string {
  return page.length > 40 ? `${page.slice(0, 40)}…` : page
}
