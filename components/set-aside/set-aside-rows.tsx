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
import { RowCheckbox } from './row-checkbox.tsx'
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
        <td className={clsx(TD, 'pt-1.5 align-top')}>
          <RowCheckbox label="Choose this message" describedBy={reasonId} checked={chosen} onChange={onChoose} />
        </td>
        <td className="px-2 py-1.5 sm:px-3">
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
            <bdi id={reasonId} className="min-w-0 [overflow-wrap:anywhere]">
              {sentence(row.reason)}
            </bdi>
          </button>
          <p className="pl-5.5 text-xs text-muted">
            {CHANNEL_WORDS[row.channel]}, {times(row.receiveCount)}
          </p>
        </td>
        <td className={clsx(TD, 'pt-2 text-right align-top text-muted')}>
          <Ago at={row.lastAt} />
        </td>
      </tr>
      {open && (
        <tr id={bodyId}>
          <td colSpan={3} className="px-3 pb-4 sm:px-4">
            <div className="flex min-w-0 flex-col gap-3 pt-1">
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
