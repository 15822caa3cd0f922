import { expect, it } from 'vitest'
import { nextStep } from './next-step.ts'

it('says once that nothing was changed', () => {
  const message = 'GameLift could not cancel t1: it cannot be reached.'
  const code = 'MATCHMAKER_UNAVAILABLE' as const
  expect(nextStep({ code, message })).toMatch(/^Nothing was changed\. Check/)
  expect(nextStep({ code, message: `${message} Nothing was changed.` })).toBe(
    'Check that GameLift can be reached, then try again.',
  )
})
