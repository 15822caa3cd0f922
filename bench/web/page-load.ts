/** A page in a real browser on a processor that is made four times slower. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, chromium } from '@playwright/test'
import type { Site } from './sites.ts'

const SLOWER = 4
/** After the load: long tasks up to here count. */
const SETTLE_MS = 2_000
const ANSWER_MS = 1_500

export interface PageLoad {
  fcpMs: number
  /** What is over 50 ms of each task after the first paint. */
  tbtMs: number
  /** From a click on a filter to the next paint. */
  inpMs: number
}

export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] })
}

interface Watched {
  tasks: { start: number; ms: number }[]
  interactionMs: number
}

/** Loads `page` with empty caches and clicks on what `filter` selects. */
export async function loadPage(browser: Browser, site: Site, page: string, filter: string): Promise<PageLoad> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  try {
    const [name = '', value = ''] = site.cookie.split('=')
    if (name !== '') await context.addCookies([{ name, value, url: site.url }])
    const tab = await context.newPage()
    const devtools = await context.newCDPSession(tab)
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
    await tab.addInitScript(() => {
      const watched: Watched = { tasks: [], interactionMs: 0 }
      Object.assign(window, { watched })
      new PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries()) watched.tasks.push({ start: startTime, ms: duration })
      }).observe({ type: 'longtask', buffered: true })
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { interactionId?: number })[]) {
          if (entry.interactionId) watched.interactionMs = Math.max(watched.interactionMs, entry.duration)
        }
      }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit)
    })
    await tab.goto(`${site.url}${page}`, { waitUntil: 'load' })
    await sleep(SETTLE_MS)
    const { fcpMs, tbtMs } = await tab.evaluate(() => {
      const fcp = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN
      const { tasks } = (window as unknown as { watched: Watched }).watched
      const after = tasks.filter(({ start, ms }) => start + ms > fcp)
      return { fcpMs: fcp, tbtMs: after.reduce((sum, { ms }) => sum + Math.max(0, ms - 50), 0) }
    })
    await tab.locator(filter).first().click()
    await sleep(ANSWER_MS)
    const inpMs = await tab.evaluate(() => (window as unknown as { watched: Watched }).watched.interactionMs)
    return { fcpMs, tbtMs, inpMs }
  } finally {
    await context.close()
  }
}
