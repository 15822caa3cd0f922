import { expect, it, vi } from 'vitest'
import { createEnding } from './ending.ts'

it('stops what was begun last first, then exits with the code', async () => {
  const done: string[] = []
  const ending = createEnding((code) => done.push(`exit ${code}`))
  for (const name of ['PostgreSQL', 'engine', 'web']) ending.last(name, async () => void done.push(name))
  vi.spyOn(console, 'log').mockReturnValue()
  await ending.end(0)
  expect(done).toEqual(['web', 'engine', 'PostgreSQL', 'exit 0'])
})

it('shows the first reason only, and stops nothing twice', async () => {
  const error = vi.spyOn(console, 'error').mockReturnValue()
  const exits: number[] = []
  const stop = vi.fn(async () => {})
  const ending = createEnding((code) => exits.push(code))
  ending.last('engine', stop)
  await Promise.all([ending.end(1, 'The engine died.'), ending.end(0)])
  expect(exits).toEqual([1])
  expect(stop).toHaveBeenCalledTimes(1)
  expect(error.mock.calls).toEqual([['The engine died.']])
})

it('says its farewell last, below what the parts say while they stop', async () => {
  const error = vi.spyOn(console, 'error').mockReturnValue()
  const ending = createEnding(() => {})
  ending.last('web', async () => Promise.reject(new Error('no')))
  await ending.end(1, 'The engine died.', 'Everything has stopped.')
  expect(error.mock.calls.flat()).toEqual(['The engine died.', 'web: Error: no', '\nEverything has stopped.'])
})

it('goes on to the next part when one fails or never stops', async () => {
  vi.useFakeTimers()
  const error = vi.spyOn(console, 'error').mockReturnValue()
  const done: string[] = []
  const ending = createEnding((code) => done.push(`exit ${code}`))
  ending.last('PostgreSQL', async () => void done.push('PostgreSQL'))
  ending.last('engine', () => new Promise(() => {}))
  ending.last('web', async () => Promise.reject(new Error('no')))
  const ended = ending.end(1, 'Because.')
  await vi.advanceTimersByTimeAsync(10_000)
  await ended
  vi.useRealTimers()
  expect(done).toEqual(['PostgreSQL', 'exit 1'])
  expect(error.mock.calls.flat().join('\n')).toMatch(/web: Error: no\nengine: did not stop within 4 s/)
})
