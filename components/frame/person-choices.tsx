'use client'

import { Clock, Keyboard, LogOut } from 'lucide-react'
import { useAction } from '#components/live/use-action.ts'
import { useZone } from '#components/ui/clock.tsx'
import { MENU_ITEM } from '#components/ui/menu.tsx'
import { signOut } from '#lib/tickets/actions.ts'
import { useDesk } from './desk.tsx'
import { openShortcutList } from './shortcuts.tsx'

/** What the menu of the person holds. */
export function PersonChoices({ close }: { close: () => void }) {
  const { person } = useDesk()
  const { zone, utc, setUtc } = useZone()
  const leave = useAction<object, unknown>(signOut, () => window.location.assign('/sign-in'))
  return (
    <>
      <div className="border-b px-2 pt-1 pb-2 text-sm">
        <div className="font-medium break-words">{person.name}</div>
        <div className="text-xs text-muted">Role: {person.role}</div>
      </div>
      <div className="pt-1">
        <button type="button" className={MENU_ITEM} aria-pressed={utc} onClick={() => setUtc(!utc)}>
          <Clock className="size-4 text-muted" aria-hidden />
          <span className="flex-1">Times in UTC</span>
          <span className="text-xs text-muted">{utc ? 'on' : zone}</span>
        </button>
        <button
          type="button"
          className={MENU_ITEM}
          onClick={() => {
            close()
            openShortcutList()
          }}
        >
          <Keyboard className="size-4 text-muted" aria-hidden />
          <span className="flex-1">Keyboard shortcuts</span>
          <kbd className="text-xs text-muted">?</kbd>
        </button>
        <button type="button" className={MENU_ITEM} aria-disabled={leave.pending} onClick={() => leave.run({})}>
          <LogOut className="size-4 text-muted" aria-hidden />
          {leave.pending ? 'Signing out …' : 'Sign out'}
        </button>
        {leave.error && (
          <p role="alert" className="px-2 py-1 text-xs text-bad">
            {leave.error.message}
          </p>
        )}
      </div>
    </>
  )
}
