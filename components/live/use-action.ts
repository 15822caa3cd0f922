'use client'

import { useRef, useState } from 'react'
import { ActionError, type ActionResult, unwrap } from '#lib/flexmatch/result.ts'
import { NOT_CARRIED_OUT } from '#lib/web/not-carried-out.ts'
import { newRequestId } from './request-id.ts'
import { leaveWhenSignedOut } from './signed-out.ts'

/** Once in a while an action is sent and nothing comes back. What became of it is then not known, and said so. */
const NO_ANSWER =
  'No answer came, so it is not known whether this was carried out. The state shown will tell; check it before you try again.'

interface ActionState<Input, Output> {
  pending: boolean
  error: ActionError | null
  data: Output | undefined
  input: Input | undefined
}
const IDLE = { pending: false, error: null, data: undefined, input: undefined }

/**
 * A server action and what became of its last call. Each click has a request id of its own, and while one is under way
 * further clicks do nothing: a double click sends once. It is pending until `onSuccess` is done too.
 */
export function useAction<Input extends object, Output>(
  action: (input: unknown) => Promise<ActionResult<Output>>,
  onSuccess?: (output: Output, input: Input) => unknown,
) {
  const [state, setState] = useState<ActionState<Input, Output>>(IDLE)
  const underWay = useRef(false)
  /** Counts calls and resets: what ends after a reset is not shown. */
  const turn = useRef(0)
  // What is shown when the answer comes decides, not what was shown at the click.
  const latest = useRef(onSuccess)
  latest.current = onSuccess

  async function send(input: Input): Promise<Output> {
    const requestId = newRequestId()
    try {
      return unwrap(await action({ ...input, requestId }))
    } catch (error) {
      if (error instanceof ActionError) throw error
      // Refused before it was begun, with words of its own.
      const { message } = error as Error
      if (message.startsWith(NOT_CARRIED_OUT)) throw new ActionError({ code: 'REFUSED', message, requestId })
      throw new ActionError({ code: 'UNCONFIRMED', message: NO_ANSWER, requestId })
    }
  }

  async function carryOut(input: Input): Promise<void> {
    const mine = ++turn.current
    const show = (shown: ActionState<Input, Output>) => {
      if (mine === turn.current) setState(shown)
    }
    show({ ...IDLE, pending: true, input })
    try {
      const data = await send(input)
      await latest.current?.(data, input)
      show({ ...IDLE, data, input })
    } catch (error) {
      leaveWhenSignedOut(error)
      show({ ...IDLE, error: error as ActionError, input })
    } finally {
      underWay.current = false
    }
  }

  return {
    ...state,
    run(input: Input) {
      if (underWay.current) return
      underWay.current = true
      void carryOut(input)
    },
    reset() {
      turn.current++
      setState(IDLE)
    },
  }
}
