import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SHAPES } from '#lib/web/corpora/json-shapes.ts'
import { BodyRefused, depthExceeds, readBoundedJson } from './bounded-json.ts'

const LIMITS = { maxBytes: 100, maxDepth: 4, maxReadMs: 50 }

function read(body: BodyInit | null, headers: Record<string, string> = {}) {
  return readBoundedJson(
    new Request('http://x/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit),
    LIMITS,
  )
}
async function refusal(reading: Promise<unknown>): Promise<[number, string]> {
  const error = await reading.then(
    () => null,
    (caught: unknown) => caught,
  )
  expect(error).toBeInstanceOf(BodyRefused)
  return [(error as BodyRefused).status, (error as BodyRefused).message]
}
function stream(chunks: string[], thenHang = false): ReadableStream<Uint8Array> {
  const waiting = [...chunks]
  return new ReadableStream({
    pull(controller) {
      const chunk = waiting.shift()
      if (chunk !== undefined) controller.enqueue(new TextEncoder().encode(chunk))
      else if (!thenHang) controller.close()
    },
  })
}

describe('a bounded JSON body', () => {
  it('is parsed', async () => {
    expect(await read('{"a":[1,"é"]}')).toEqual({ a: [1, 'é'] })
    expect(await read(stream(['{"a"', ':1}']))).toEqual({ a: 1 })
  })

  it('is refused when it is too large, declared or not', async () => {
    expect(await refusal(read(JSON.stringify('x'.repeat(99))))).toEqual([413, 'The body is larger than 100 bytes.'])
    expect((await refusal(read(stream(['"', 'x'.repeat(99), '"']))))[0]).toBe(413)
    expect((await refusal(read('1', { 'content-length': '101' })))[0]).toBe(413)
  })

  it('is not believed when it is shorter than declared', async () => {
    expect(await refusal(read(stream(['1']), { 'content-length': '2' }))).toEqual([
      400,
      'The body has 1 bytes, but content-length says 2.',
    ])
  })

  it('is refused when it is not plain UTF-8 JSON', async () => {
    expect((await refusal(read('{"a":')))[1]).toMatch(/^The body is not JSON: /)
    expect((await refusal(read(new Uint8Array([0x22, 0xff, 0x22]))))[1]).toBe('The body is not UTF-8 text.')
    expect((await refusal(read('1', { 'content-encoding': 'gzip' })))[1]).toMatch(/content-encoding gzip/)
    expect((await refusal(read(null)))[0]).toBe(400)
  })

  it('is refused for its shape within 50 ms, and the next one is read', async () => {
    const limits = { maxBytes: 20_000_000, maxDepth: 32, maxReadMs: 1_000 }
    for (const { name, taken, make } of SHAPES) {
      const request = new Request('http://x/', { method: 'POST', body: make() })
      const began = performance.now()
      const reading = readBoundedJson(request, limits)
      if (taken) await reading
      else expect((await refusal(reading))[0], name).toBe(400)
      expect(performance.now() - began, name).toBeLessThan(100)
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('is refused when it is too deep, before anything is parsed', async () => {
    expect(await read('[[[[1]]]]')).toEqual([[[[1]]]])
    expect((await refusal(read('[[[[[1]]]]]')))[1]).toBe('The body is nested deeper than 4 levels.')
    const million = '['.repeat(1_000_000)
    expect(depthExceeds(million, 32)).toBe(true)
  })

  it('is given up when it does not arrive', async () => {
    expect((await refusal(read(stream(['{'], true))))[0]).toBe(408)
  })

  it('has the depth that parsing it would show', () => {
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value as object).map(depthOf)) : 0
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(7), (value, limit) => {
        expect(depthExceeds(JSON.stringify(value), limit)).toBe(depthOf(value) > limit)
      }),
    )
  })
})
