'use client'

import { useState } from 'react'
import { Dialog } from '#components/ui/dialog.tsx'
import { Switch } from '#components/ui/switch.tsx'
import { PAGES } from './pages.ts'
import { setSingleKeys, singleKeysOn } from './single-keys.ts'

/** Every shortcut, and the switch that turns single keys off. Loaded when somebody asks for it. */
export function ShortcutList({ onClose }: { onClose: () => void }) {
  const [on, setOn] = useState(singleKeysOn)
  return (
    <Dialog open onClose={onClose} title="Keyboard shortcuts">
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-1.5 text-sm">
        <Keys keys={['Ctrl K', '⌘ K', '/']} what="Find a ticket, player, match or session by its id" />
        <Keys keys={['j', 'k']} what="Next and previous ticket in a list" />
        <Keys keys={['Enter']} what="Open the ticket" />
        <Keys keys={['x']} what="Select the ticket, to act on several" />
        <Keys keys={['.']} what="Show the new tickets that wait above the list" />
        {PAGES.map(({ name, key }) => (
          <Keys key={key} keys={[`g ${key}`]} what={`Go to ${name.toLowerCase()}`} />
        ))}
        <Keys keys={['?']} what="This list" />
      </dl>
      <div className="mt-2 flex items-center justify-between border-t pt-3 text-sm">
        <span>Single keys act</span>
        <Switch
          on={on}
          label="Single keys act"
          onChange={(next) => {
            setOn(next)
            setSingleKeys(next)
          }}
        />
      </div>
    </Dialog>
  )
}

function Keys({ keys, what }: { keys: string[]; what: string }) {
  return (
    <>
      <dt className="flex gap-1">
        {keys.map((key) => (
          <kbd key={key} className="rounded border border-line-strong bg-sunken px-1.5 font-mono text-xs">
            {key}
          </kbd>
        ))}
      </dt>
      <dd className="text-muted">{what}</dd>
    </>
  )
}
