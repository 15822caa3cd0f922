'use client'

import { clsx } from 'clsx'
import { Check, ChevronDown, Copy, Terminal } from 'lucide-react'
import { useState } from 'react'
import { BUTTON_LOOKS, BUTTON_SHAPE, BUTTON_SIZES } from '#components/ui/button.tsx'
import { writeClipboard } from '#components/ui/copy-button.tsx'
import { MENU_ITEM, Menu } from '#components/ui/menu.tsx'

export interface CliCommand {
  name: string
  command: string
}

/** Each action of the page as the command that does the same from a terminal. */
export function CopyCli({ commands }: { commands: readonly CliCommand[] }) {
  const [copied, setCopied] = useState<string | null>(null)
  return (
    <Menu
      className="w-80 max-sm:fixed max-sm:inset-x-4 max-sm:top-auto max-sm:w-auto"
      buttonClassName={clsx(BUTTON_SHAPE, BUTTON_SIZES.medium, BUTTON_LOOKS.secondary)}
      label={
        <>
          <Terminal className="size-4" aria-hidden />
          Copy as AWS CLI
          <ChevronDown className="size-3.5 text-muted" aria-hidden />
        </>
      }
    >
      {() =>
        commands.map(({ name, command }) => (
          <button
            key={command}
            type="button"
            className={clsx(MENU_ITEM, 'items-start')}
            onClick={() => writeClipboard(command).then((done) => setCopied(done ? command : null))}
          >
            {copied === command ? (
              <Check className="mt-0.5 size-4 shrink-0 text-good" aria-hidden />
            ) : (
              <Copy className="mt-0.5 size-4 shrink-0 text-muted" aria-hidden />
            )}
            <span className="min-w-0 flex-1">
              <span className="block">
                {name}
                {copied === command && <span className="text-good"> · copied</span>}
              </span>
              <span className="block truncate font-mono text-2xs text-muted" title={command}>
                {command}
              </span>
            </span>
          </button>
        ))
      }
    </Menu>
  )
}
