'use client'

import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { ActionError, type ActionResult, unwrap } from '#lib/flexmatch/result.ts'
import { newRequestId } from './request-id.ts'

/** Once in a while an action is sent and nothing comes back. What became of it is then not known, and said so. */
const NO_ANSWER =
  'No answer came, so it is not known whether this was carried out. The state shown will tell; check it before you try again.'

/**
 * A server action as a mutation. Each click has a request id of its own, and while one is under way further clicks do
 * nothing: a double click sends once.
 */
export function useAction<Input extends object, Output>(
  action: (input: unknown) => Promise<ActionResult<Output>>,
  onSuccess?: (output: Output, input: Input) => void,
) {
  const underWay = useRef(false)
  const mutation = useMutation<Output, ActionError, Input>({
    mutationFn: async (input) => {
      const requestId = newRequestId()
      try {
        return unwrap(await action({ ...input, requestId }))
      } catch (error) {
        if (error instanceof ActionError) throw error
        throw new ActionError({ code: 'UNCONFIRMED', message: NO_ANSWER, requestId })
      }
    },
    onSuccess,
    onSettled: () => {
      underWay.current = false
    },
  })
  return {
    run(input: Input) {
      if (underWay.current) return
      underWay.current = true
      mutation.mutate(input)
    },
    reset: mutation.reset,
    pending: mutation.isPending,
    error: mutation.error,
    data: mutation.data,
    input: mutation.variables,
  }
}
