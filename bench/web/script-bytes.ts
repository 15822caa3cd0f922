import { gzipSync } from 'node:zlib'
import type { Site } from './sites.ts'

/**
 * How many gzipped bytes of scripts each page names in its HTML, as a browser of today loads them: those for older ones
 * (`nomodule`) are left out.
 */
export async function scriptBytes({ url, cookie }: Pick<Site, 'url' | 'cookie'>, pages: readonly string[]) {
  const sizes = new Map<string, number>()
  const found = new Map<string, number>()
  for (const page of pages) {
    const html = await (await fetched(`${url}${page}`, cookie)).text()
    const tags = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => !/\bnomodule\b/i.test(tag))
    const sources = new Set(tags.flatMap((tag) => /\bsrc="([^"]+)"/.exec(tag)?.[1] ?? []))
    let sum = 0
    for (const source of sources) {
      const size = sizes.get(source) ?? gzipSync(await (await fetched(`${url}${source}`, cookie)).bytes()).length
      sizes.set(source, size)
      sum += size
    }
    if (sum === 0) throw new Error(`${page} names no script.`)
    found.set(page, sum)
  }
  return found
}

async function fetched(address: string, cookie: string): Promise<Response> {
  const response = await fetch(address, { headers: { cookie }, redirect: 'manual' })
  if (!response.ok) throw new Error(`${address} answered with ${response.status}.`)
  return response
}
