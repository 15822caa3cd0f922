'use client'

import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from './button.tsx'

interface DialogProps {
  open: boolean
  onClose: () => void
  title: ReactNode
  children: ReactNode
  /** Above the title, for what every dialog must show. */
  badge?: ReactNode
  wide?: boolean
}

/**
 * A modal on the browser's own dialog: the page behind is inert, Escape closes, the focus returns to what opened it.
 * The first focus goes to the element with `data-autofocus`.
 */
export function Dialog({ open, onClose, title, children, badge, wide = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  useEffect(() => {
    const element = dialog.current
    if (!element) return
    if (open && !element.open) {
      element.showModal()
      element.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    }
    if (!open && element.open) element.close()
  }, [open])

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the keyboard's way out, the browser brings it
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
      className={`m-auto max-h-[calc(100dvh-32px)] w-[calc(100vw-32px)] ${wide ? 'max-w-2xl' : 'max-w-md'} overflow-auto rounded-lg border border-line-strong bg-raised p-0 text-text shadow-raised`}
    >
      {open && (
        <div className="flex flex-col gap-3 p-5">
          <div className="flex items-center gap-3">
            {badge}
            <Button look="ghost" size="small-icon" aria-label="Close" onClick={onClose} className="-mr-1.5 ml-auto">
              <X className="size-4" aria-hidden />
            </Button>
          </div>
          <h2 id={titleId} className="text-lg font-semibold break-words">
            {title}
          </h2>
          {children}
        </div>
      )}
    </dialog>
  )
}

interface ConfirmDialogProps {
  open: boolean
  onClose: () => void
  /** Verb and object: "Cancel ticket t-1". */
  title: ReactNode
  badge?: ReactNode
  /** The verb again, on the button; null once there is nothing left to confirm. */
  confirm: string | null
  /** The way out; says what stays as it is where "Cancel" could be taken for the act itself. */
  dismiss?: string
  /** With the form around what the dialog shows, once its fields are valid. Enter in one of them confirms too. */
  onConfirm: (form: HTMLFormElement) => void
  pending: boolean
  /** What went wrong with the last try; the dialog stays open with it. */
  failure?: ReactNode
  danger?: boolean
  wide?: boolean
  children: ReactNode
}

/**
 * Nothing happens by accident: the button says what it does, and the way out has the focus, or a field that must be filled
 * in first.
 */
export function ConfirmDialog({
  open,
  onClose,
  title,
  badge,
  confirm,
  dismiss = 'Cancel',
  onConfirm,
  pending,
  failure,
  danger = true,
  wide,
  children,
}: ConfirmDialogProps) {
  const buttons = useRef<HTMLDivElement>(null)
  const over = confirm === null
  useEffect(() => {
    // The button that had the focus may just have gone.
    if (open && over) buttons.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
  }, [open, over])
  return (
    <Dialog open={open} onClose={onClose} title={title} badge={badge} wide={wide}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (!over && !pending) onConfirm(event.currentTarget)
        }}
      >
        <div className="flex flex-col gap-3 text-sm text-muted">{children}</div>
        {failure}
        <div ref={buttons} className="mt-2 flex flex-row-reverse flex-wrap justify-start gap-2">
          {confirm !== null && (
            <Button type="submit" look={danger ? 'danger' : 'primary'} pending={pending}>
              {pending ? `${confirm} …` : confirm}
            </Button>
          )}
          <Button data-autofocus="" onClick={onClose}>
            {dismiss}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
