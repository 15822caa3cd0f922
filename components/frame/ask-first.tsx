'use client'

import { type ReactNode, useEffect, useRef, useState } from 'react'
import { late } from '#components/ui/late.tsx'
import type { Action } from '#lib/access/roles.ts'
import { useDesk } from './desk.tsx'
import type { Grounds } from './grounds-fields.tsx'

const AskDialog = late(() => import('./ask-dialog.tsx').then((module) => module.AskDialog))

export interface AskFirstProps {
  action: Action
  /** Verb and object, for the dialog where there is one. */
  title: ReactNode
  /** The verb again. */
  confirm: string
  /** What happens, in a sentence. */
  says?: ReactNode
  word?: string
  reasonWelcome?: boolean
  danger?: boolean
  pending: boolean
  failure: ReactNode
  onGo: (grounds: Grounds) => void
  children: (ask: () => void) => ReactNode
}

/**
 * For a control that acts at once: where the role table asks for more than the click, a dialog asks for it first. It stays
 * open until what was asked for has succeeded.
 */
export function AskFirst({ children, ...props }: AskFirstProps) {
  const { action, pending, failure, onGo, reasonWelcome = false } = props
  const { asks } = useDesk()
  const [open, setOpen] = useState(false)
  const wasPending = useRef(false)
  const failed = failure !== null && failure !== undefined && failure !== false
  useEffect(() => {
    if (wasPending.current && !pending && !failed) setOpen(false)
    wasPending.current = pending
  }, [pending, failed])
  const asked = asks[action] !== undefined || reasonWelcome
  return (
    <>
      {children(() => (asked ? setOpen(true) : onGo({})))}
      {asked && <AskDialog when={open} open={open} onClose={() => setOpen(false)} {...props} />}
    </>
  )
}
