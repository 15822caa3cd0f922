import { expect, it, vi } from 'vitest'
import { AppError } from './result.ts'

it('an AppError made by another copy of this module is one too', async () => {
  vi.resetModules()
  const copy = await import('./result.ts')
  expect(copy.AppError).not.toBe(AppError)
  const error = new copy.AppError('TOO_LATE', 'too late')
  expect(error).toBeInstanceOf(AppError)
  expect(error).toBeInstanceOf(Error)
  expect(new Error('x')).not.toBeInstanceOf(AppError)
  expect({ code: 'TOO_LATE' } instanceof AppError).toBe(false)
  expect(null as unknown).not.toBeInstanceOf(AppError)
})
