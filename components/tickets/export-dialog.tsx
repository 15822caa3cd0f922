'use client'

import { useState } from 'react'
import { useDesk } from '#components/frame/desk.tsx'
import { GroundedDialog } from '#components/frame/grounded-dialog.tsx'
import type { Grounds } from '#components/frame/grounds-fields.tsx'
import { saveFile } from '#components/live/save-file.ts'
import type { ActionError } from '#lib/flexmatch/result.ts'
import type { TicketFilter } from '#lib/tickets/views.ts'
import { ActionProblem } from './action-problem.tsx'
import { ticketFilterQuery } from './ticket-filter.ts'

interface ExportDialogProps {
  open: boolean
  onClose: () => void
  filter: TicketFilter
}

const FORMATS = [
  { value: 'csv', text: 'CSV, for a spreadsheet' },
  { value: 'json', text: 'JSON, for a program' },
]

/** The list as a file: what is in it, for whom it is, and how it went. */
export function ExportDialog({ open, onClose, filter }: ExportDialogProps) {
  const { environment } = useDesk()
  const [format, setFormat] = useState('csv')
  const [pending, setPending] = useState(false)
  const [failure, setFailure] = useState<ActionError | null>(null)
  const [saved, setSaved] = useState<string | null>(null)

  async function save(grounds: Grounds) {
    setPending(true)
    setFailure(null)
    const query = new URLSearchParams({ ...grounds, format })
    const narrowed = ticketFilterQuery({ ...filter, cursor: null }).replace('?', '&')
    try {
      setSaved(await saveFile(`/api/${encodeURIComponent(environment.name)}/exports/tickets?${query}${narrowed}`))
    } catch (error) {
      setFailure(error as ActionError)
    } finally {
      setPending(false)
    }
  }
  function close() {
    onClose()
    setSaved(null)
    setFailure(null)
  }

  return (
    <GroundedDialog
      action="export.masked"
      open={open}
      onClose={close}
      title={saved === null ? 'Export the list of tickets' : 'The list is exported'}
      confirm={saved === null ? 'Export' : null}
      dismiss={saved === null ? 'Cancel' : 'Close'}
      danger={false}
      pending={pending}
      failure={failure && <ActionProblem error={failure} />}
      onConfirm={(grounds) => void save(grounds)}
    >
      {saved === null ? (
        <>
          <p>
            Every ticket of the list as it is filtered now, at most 100,000, with times in UTC. Players have made-up
            names that hold within this one file. The export is recorded in the audit trail.
          </p>
          <fieldset className="flex flex-col gap-1.5 text-text">
            <legend className="mb-1 font-medium">Format</legend>
            {FORMATS.map(({ value, text }) => (
              <label key={value} className="flex min-h-6 items-center gap-2">
                <input
                  type="radio"
                  name="format"
                  value={value}
                  checked={format === value}
                  onChange={() => setFormat(value)}
                />
                {text}
              </label>
            ))}
          </fieldset>
        </>
      ) : (
        <p>
          Saved as <span className="font-mono text-[0.94em] break-all text-text">{saved}</span>.
        </p>
      )}
    </GroundedDialog>
  )
}
