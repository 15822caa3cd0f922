'use client'

import { clsx } from 'clsx'
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { writeClipboard } from '#components/ui/copy-button.tsx'
import { MENU_ITEM } from '#components/ui/menu.tsx'

export interface CliCommand {
  name: string
  command: string
}

/** Each is copied by a click on it. */
export function CliCommands({ commands }: { commands: readonly CliCommand[] }) {
  const [copied, setCopied] = useState<string | null>(null)
  return commands.map(({ name, command }) => (
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
