'use client'

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { isShortcut } from '#components/frame/single-keys.ts'
import { RowCheckbox } from '#components/set-aside/row-checkbox.tsx'

interface Selection {
  ids: ReadonlySet<string>
  select: (ids: readonly string[], on: boolean) => void
  clear: () => void
}
const SelectionContext = createContext<Selection | null>(null)
/** No run takes more. */
export const MOST_SELECTED = 1_000

/** Which tickets are chosen, by id: they stay so while rows come and go, and from one page of the list to the next. */
export function SelectionProvider({ children }: { children: ReactNode }) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  useSelectKey()
  const selection = useMemo<Selection>(
    () => ({
      ids,
      select: (changed, on) =>
        setIds((before) => {
          const next = new Set(before)
          for (const id of changed) {
            if (!on) next.delete(id)
            else if (next.size < MOST_SELECTED) next.add(id)
          }
          return next
        }),
      clear: () => setIds(new Set()),
    }),
    [ids],
  )
  return <SelectionContext value={selection}>{children}</SelectionContext>
}

export function useSelection(): Selection {
  const selection = useContext(SelectionContext)
  if (!selection) throw new Error('useSelection is used outside a SelectionProvider.')
  return selection
}

export function SelectRow({ ticketId }: { ticketId: string }) {
  const { ids, select } = useSelection()
  return (
    <RowCheckbox
      label={`Select ticket ${ticketId}`}
      checked={ids.has(ticketId)}
      onChange={(on) => select([ticketId], on)}
    />
  )
}

export function SelectPage({ ticketIds }: { ticketIds: readonly string[] }) {
  const { ids, select } = useSelection()
  return (
    <RowCheckbox
      label="Select every ticket of this page"
      checked={ticketIds.length > 0 && ticketIds.every((id) => ids.has(id))}
      onChange={(on) => select(ticketIds, on)}
    />
  )
}

/** x selects the row one is on. */
function useSelectKey() {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'x' || !isShortcut(event)) return
      const box = document.activeElement?.closest('tbody tr')?.querySelector<HTMLElement>('input[type=checkbox]')
      if (!box) return
      box.click()
      event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}
