'use client'

import { type FormEvent, useId, useState } from 'react'
import { useDesk } from '#components/frame/desk.tsx'
import { EnvironmentTag } from '#components/frame/environment-tag.tsx'
import { type Grounds, GroundsFields, groundsOf } from '#components/frame/grounds-fields.tsx'
import { useAction } from '#components/live/use-action.ts'
import { useQueryClient } from '#components/live/use-query.tsx'
import { ActionProblem } from '#components/tickets/action-problem.tsx'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { IdText } from '#components/ui/id-text.tsx'
import { startBackfill } from '#lib/tickets/actions.ts'
import type { StartBackfillInput } from '#lib/tickets/inputs.ts'
import type { SessionView } from '#lib/tickets/views.ts'
import { sessionName } from './session-name.ts'

interface StartBackfillDialogProps {
  session: SessionView
  onClose: () => void
  onStarted: (ticketId: string) => void
}

export function StartBackfillDialog({ session, onClose, onStarted }: StartBackfillDialogProps) {
  const { environment } = useDesk()
  const client = useQueryClient()
  const configurationId = useId()
  const [configuration, setConfiguration] = useState(session.configuration ?? '')
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set())
  const [missing, setMissing] = useState(false)
  // As read when the dialog opened: a refresh behind it must not change what is being decided.
  const [teams] = useState(session.live?.teams ?? [])
  const { run, pending, error } = useAction<Omit<StartBackfillInput, 'requestId'> & Grounds, { ticketId: string }>(
    startBackfill,
    ({ ticketId }) => {
      onStarted(ticketId)
      return client.invalidateQueries()
    },
  )

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (configuration.trim() === '') {
      setMissing(true)
      document.getElementById(configurationId)?.focus()
      return
    }
    if (!event.currentTarget.checkValidity()) return
    run({
      ...groundsOf(event.currentTarget),
      environment: environment.name,
      gameSessionArn: session.gameSessionArn,
      configuration: configuration.trim(),
      players: teams.flatMap((team) =>
        team.players.map(({ playerId }) => ({ playerId, team: team.name, include: !leftOut.has(playerId) })),
      ),
    })
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Start a backfill for session ${sessionName(session.gameSessionArn)}`}
      badge={<EnvironmentTag environment={environment} />}
      wide
    >
      <form onSubmit={submit} className="flex flex-col gap-4 text-sm" noValidate>
        <p className="text-muted">
          Asks FlexMatch for players to fill the open slots. A newer request replaces an older one for the same session,
          and running automatic backfill too. Leave out players who have left.
        </p>
        <div className="flex flex-col gap-1">
          <label htmlFor={configurationId} className="font-medium">
            Configuration
          </label>
          <input
            id={configurationId}
            value={configuration}
            onChange={(event) => {
              setConfiguration(event.target.value)
              setMissing(false)
            }}
            aria-invalid={missing || undefined}
            aria-describedby={missing ? `${configurationId}-error` : undefined}
            className="h-8 rounded-md border border-control-line bg-panel px-2"
          />
          {missing && (
            <p id={`${configurationId}-error`} className="text-xs text-bad">
              Name the matchmaking configuration to search with.
            </p>
          )}
        </div>
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 font-medium">Players in the session</legend>
          {teams.map((team) => (
            <div key={team.name}>
              <div className="text-xs text-muted">
                Team <bdi>{team.name}</bdi>
              </div>
              <ul className="grid sm:grid-cols-2">
                {team.players.map(({ playerId }) => (
                  <li key={playerId}>
                    <label className="flex min-h-7 items-center gap-2">
                      <input
                        type="checkbox"
                        className="size-4 accent-accent-fill"
                        checked={!leftOut.has(playerId)}
                        onChange={(event) => {
                          const next = new Set(leftOut)
                          if (event.target.checked) next.delete(playerId)
                          else next.add(playerId)
                          setLeftOut(next)
                        }}
                      />
                      <IdText id={playerId} room="medium" />
                    </label>
                  </li>
                ))}
              </ul>
            </div>
          ))}
          {teams.length === 0 && <p className="text-muted">The session lists no players.</p>}
        </fieldset>
        <GroundsFields action="backfill.start" />
        {error && <ActionProblem error={error} />}
        <div className="flex flex-row-reverse flex-wrap justify-start gap-2">
          <Button type="submit" look="primary" pending={pending}>
            {pending ? 'Start backfill …' : 'Start backfill'}
          </Button>
          <Button data-autofocus="" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
