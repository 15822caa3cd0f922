/** From a committed transition to its row in a browser, while many others are committed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Db, openPool } from '#lib/db/pool.ts'
import { anEvent, aTicket, START } from '#lib/flexmatch/testing/builders.ts'
import { ingest } from '#lib/tickets/ingest.ts'
import { arrivalsOf } from '#lib/tickets/testing/arrivals.ts'
import { launchBrowser } from '../web/page-load.ts'
import type { Site } from '../web/sites.ts'

/** Larger transactions than the door's leave the processors to what is measured. */
const EVERY_MS = 250
const WARM_UP_MS = 3_000
const LATE_MS = 5_000

export interface OnScreen {
  latenciesMs: number[]
  /** Transitions that were committed in each second. */
  perSecond: number
  /** Watched tickets that never came on the screen. */
  missed: number
}

/**
 * Commits `perSecond` transitions for `ms`, a batch every 250 ms and with each a new ticket that the list shows first. Its time
 * on the screen is taken in the page, by the clock both processes share.
 */
export async function onScreen(site: Site, databaseUrl: string, perSecond: number, ms: number): Promise<OnScreen> {
  const db = openPool(databaseUrl, { name: 'bench', max: 2 })
  const browser = await launchBrowser()
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const [name = '', value = ''] = site.cookie.split('=')
    await context.addCookies([{ name, value, url: site.url }])
    const page = await context.newPage()
    await page.addInitScript(() => {
      const seen: Record<string, number> = {}
      Object.assign(window, { seen })
      const look = () => {
        for (const [id] of document.querySelector('tbody')?.textContent?.matchAll(/watched-\d+-\d{5}/g) ?? [])
          seen[id] ??= Date.now()
      }
      addEventListener('DOMContentLoaded', () =>
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true }),
      )
    })
    await page.goto(`${site.url}/local/tickets?tab=all`)
    await page.getByText(/^Live/).first().waitFor()
    const { committed, transitions, wallMs } = await commitAll(db, perSecond, ms)
    await sleep(LATE_MS)
    const seen = await page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen)
    const counted = [...committed].filter(([, { counts }]) => counts)
    const latenciesMs = counted.flatMap(([id, { at }]) => (seen[id] === undefined ? [] : Math.max(0, seen[id] - at)))
    return {
      latenciesMs,
      perSecond: (1000 * transitions) / wallMs,
      missed: counted.length - latenciesMs.length,
    }
  } finally {
    await browser.close()
    await db.end()
  }
}

async function commitAll(db: Db, perSecond: number, ms: number) {
  const committed = new Map<string, { at: number; counts: boolean }>()
  const batch = Math.round((perSecond * EVERY_MS) / 1000)
  const startMs = performance.now()
  let transitions = 0
  let open: string[] = []
  for (let turn = 0; performance.now() - startMs < ms; turn++) {
    // Their names are of this rate alone: a row that is there from before would be seen before it is committed.
    const time = Date.now() - START
    const watched = `watched-${perSecond}-${String(turn).padStart(5, '0')}`
    // Half of a batch ends what the one before began: rows come, change and stay in the index.
    const ending = open.splice(0, Math.floor(batch / 2))
    const starting = Array.from({ length: batch - ending.length }, (_, index) => `flow-${perSecond}-${turn}-${index}`)
    open = [...open, ...starting]
    const flow = [
      ...starting.map((id) => anEvent('MatchmakingSearching', { time, tickets: [aTicket(id, ['bo'], START + time)] })),
      ...ending.map((id) =>
        anEvent('MatchmakingCancelled', { time, tickets: [aTicket(id, ['bo'], START + time - EVERY_MS)] }),
      ),
    ]
    // Committed alone, or its commit could be long before the others'; in turn before and after them.
    const commitWatched = async () => {
      // Newest of all, so that it is on the first page whatever else begins meanwhile.
      const later = time + 60_000
      const event = anEvent('MatchmakingSearching', {
        time: later,
        tickets: [aTicket(watched, ['ana'], START + later)],
      })
      await ingest(db, 'local', arrivalsOf([event]))
      committed.set(watched, { at: Date.now(), counts: performance.now() - startMs > WARM_UP_MS })
    }
    if (turn % 2 === 0) await commitWatched()
    await ingest(db, 'local', arrivalsOf(flow))
    if (turn % 2 !== 0) await commitWatched()
    transitions += flow.length + 1
    await sleep(Math.max(0, startMs + (turn + 1) * EVERY_MS - performance.now()))
  }
  return { committed, transitions, wallMs: performance.now() - startMs }
}
