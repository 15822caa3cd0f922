import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { ENGINE_NODE_FLAGS } from './node-flags.ts'

/** A pool that grows: columns outside the heap, tickets inside it. Prints how often the old generation was collected. */
const GROWING = `
  const { PerformanceObserver, constants } = require('node:perf_hooks')
  let collections = 0
  new PerformanceObserver((list) => {
    for (const { detail } of list.getEntries()) if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) collections++
  }).observe({ entryTypes: ['gc'] })
  const columns = []
  const tickets = []
  const grow = () => {
    if (columns.length === 200) return setTimeout(() => console.log(collections), 50)
    columns.push(new Uint8Array(1 << 20))
    for (let n = 0; n < 10_000; n++) tickets.push({ ticketId: n + 0.5, players: [n] })
    setImmediate(grow)
  }
  grow()
`

function collectionsOfOld(flags: readonly string[]): number {
  return Number(execFileSync(process.execPath, [...flags, '-e', GROWING], { encoding: 'utf8' }))
}

it('starts Node, and leaves the old generation alone while a large pool grows', () => {
  expect(collectionsOfOld(ENGINE_NODE_FLAGS)).toBe(0)
  expect(collectionsOfOld([])).toBeGreaterThan(0)
  for (const without of ENGINE_NODE_FLAGS.filter((flag) => !flag.includes('semi-space'))) {
    expect(collectionsOfOld(ENGINE_NODE_FLAGS.filter((flag) => flag !== without))).toBeGreaterThan(0)
  }
})
