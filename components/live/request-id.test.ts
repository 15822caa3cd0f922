import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import { newRequestId } from './request-id.ts'

it('makes a UUID where the browser gives one', () => {
  expect(z.uuid().parse(newRequestId())).toBeTruthy()
})

it('makes a UUID of its own where the page is not a secure context', () => {
  const plain = { getRandomValues: crypto.getRandomValues.bind(crypto) }
  const ids = Array.from({ length: 50 }, () => newRequestId(plain))
  for (const id of ids) expect(z.uuidv4().parse(id)).toBe(id)
  expect(new Set(ids).size).toBe(50)
})
