'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useDesk, useHref } from '#components/frame/desk.tsx'
import type { Grounds } from '#components/frame/grounds-fields.tsx'
import { useAction } from '#components/live/use-action.ts'
import { confirmAnswer, confirmCancel, previewAnswer, previewCancel } from '#lib/bulk/actions.ts'
import type { BulkAction, BulkPreviewView, BulkSelection } from '#lib/bulk/views.ts'

interface PreviewInput {
  environment: string
  selection: BulkSelection
  answer?: 'ACCEPT' | 'REJECT'
}
type ConfirmInput = { environment: string; bulkId: string; token: string; count: number } & Required<Grounds>

/** From a choice to the page of its run: look first, then confirm what was shown. */
export function useBulk(action: BulkAction, onBegun: () => void) {
  const { environment } = useDesk()
  const href = useHref()
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const cancels = action === 'cancel'
  const preview = useAction<PreviewInput, BulkPreviewView>(cancels ? previewCancel : previewAnswer, () => {
    confirm.reset()
    setOpen(true)
  })
  const confirm = useAction<ConfirmInput, { bulkId: string }>(cancels ? confirmCancel : confirmAnswer, ({ bulkId }) => {
    setOpen(false)
    onBegun()
    router.push(href(`/bulk/${bulkId}`))
  })
  const shown = preview.data
  return {
    open,
    close() {
      setOpen(false)
      confirm.reset()
    },
    looking: preview.pending,
    refusal: preview.error,
    shown,
    look(selection: BulkSelection) {
      const answer = cancels ? {} : ({ answer: action === 'accept' ? 'ACCEPT' : 'REJECT' } as const)
      preview.run({ environment: environment.name, selection, ...answer })
    },
    /** Exactly the tickets that were shown, whatever the filter means by now. */
    keepToShown() {
      if (preview.input && shown) preview.run({ ...preview.input, selection: { run: shown.bulkId, which: 'all' } })
    },
    lookAgain() {
      if (preview.input) preview.run(preview.input)
    },
    confirming: confirm.pending,
    failure: confirm.error,
    confirm({ reason = '', confirmation = '' }: Grounds) {
      if (!shown) return
      const { bulkId, token = '', count } = shown
      confirm.run({ environment: environment.name, bulkId, token, count, reason, confirmation })
    },
  }
}
