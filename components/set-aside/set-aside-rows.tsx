'use client'

import { clsx } from 'clsx'
import { ChevronRight } from 'lucide-react'
import { Fragment, useId, useState } from 'react'
import { CodeBlock, prettyJson } from '#components/ui/code-block.tsx'
import { CopyableId } from '#components/ui/id-text.tsx'
import { Facts } from '#components/ui/panel.tsx'
import { TD, TR } from '#components/ui/table.ts'
import { Ago, Moment } from '#components/ui/time.tsx'
import type { SetAsideRow } from '#lib/tickets/views.ts'
import { CHANNEL_WORDS } from './set-aside-words.ts'

interface SetAsideRowsProps {
  rows: readonly SetAsideRow[]
  chosen: ReadonlySet<string>
  choose: (ids: readonly string[], on: boolean) => void
}

/** Each message is a row that opens on what came, word for word. */
export function SetAsideRows({ rows, chosen, choose }: SetAsideRowsProps) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const toggle = (id: string) => {
    const next = new Set(open)
    if (!next.delete(id)) next.add(id)
    setOpen(next)
  }
  return (
    <tbody>
      {rows.map((row) => (
        <Message
          key={row.id}
          row={row}
          open={open.has(row.id)}
          chosen={chosen.has(row.id)}
          onToggle={() => toggle(row.id)}
          onChoose={(on) => choose([row.id], on)}
        />
      ))}
    </tbody>
  )
}

interface MessageProps {
  row: SetAsideRow
  open: boolean
  chosen: boolean
  onToggle: () => void
  onChoose: (on: boolean) => void
}

function Message({ row, open, chosen, onToggle, onChoose }: MessageProps) {
  const bodyId = useId()
  const reasonId = useId()
  return (
    <Fragment>
      <tr className={clsx(TR, chosen && 'bg-active')}>
        <td className={TD}>
          <input
            type="checkbox"
            className="size-6 align-middle"
            aria-label="Choose this message"
            aria-describedby={reasonId}
            checked={chosen}
            onChange={(event) => onChoose(event.target.checked)}
          />
        </td>
        <td className={clsx(TD, 'w-full py-1 whitespace-normal')}>
          <button
            type="button"
            aria-expanded={open}
            aria-controls={open ? bodyId : undefined}
            onClick={onToggle}
            className="flex min-h-6 items-start gap-1.5 text-left"
          >
            <ChevronRight
              className={clsx('mt-0.5 size-4 shrink-0 text-muted transition-transform', open && 'rotate-90')}
              aria-hidden
            />
            <bdi id={reasonId} className="break-words [overflow-wrap:anywhere]">
              {sentence(row.reason)}
            </bdi>
          </button>
        </td>
        <td className={clsx(TD, 'max-md:hidden')}>{CHANNEL_WORDS[row.channel]}</td>
        <td className={clsx(TD, 'text-right max-md:hidden')}>{row.receiveCount}</td>
        <td className={clsx(TD, 'text-right text-muted')}>
          <Ago at={row.lastAt} />
        </td>
      </tr>
      {open && (
        <tr id={bodyId}>
          <td colSpan={5} className="px-3 pb-4 sm:px-4">
            {/* As wide as the screen lets it be, and not as wide as its longest line would like. */}
            <div className="grid gap-3">
              <Facts
                items={[
                  {
                    name: 'Message',
                    value:
                      row.messageId === null ? (
                        'has no id'
                      ) : (
                        <CopyableId id={row.messageId} what="message id" room="medium" />
                      ),
                  },
                  { name: 'Came by', value: `${CHANNEL_WORDS[row.channel]}, ${times(row.receiveCount)}` },
                  { name: 'First', value: <Moment at={row.firstAt} precise /> },
                  { name: 'Last', value: <Moment at={row.lastAt} precise /> },
                ]}
              />
              <CodeBlock code={prettyJson(row.body)} label="Message as it came" />
            </div>
          </td>
        </tr>
      )}
    </Fragment>
  )
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}`
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}
