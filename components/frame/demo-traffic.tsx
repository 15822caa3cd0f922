'use client'

import { queries } from '#components/live/queries.ts'
import { useAction } from '#components/live/use-action.ts'
import { useQuery, useQueryClient } from '#components/live/use-query.tsx'
import { Switch } from '#components/ui/switch.tsx'
import { DEFAULT_ENVIRONMENT } from '#lib/environments/environment.ts'
import { setDemoTraffic } from '#lib/tickets/actions.ts'
import { AskFirst } from './ask-first.tsx'
import { useDesk } from './desk.tsx'
import type { Grounds } from './grounds-fields.tsx'

/** Virtual players of the local engine, on or off. Shown only where there are any. Loaded after the page. */
export function DemoTraffic() {
  const { whyNot } = useDesk()
  const client = useQueryClient()
  const { data } = useQuery(queries.demo())
  const { run, pending, error } = useAction<{ running: boolean } & Grounds, unknown>(setDemoTraffic, () =>
    client.invalidateQueries(['demo']),
  )
  if (!data?.available) return null
  return (
    <div className="rounded-md border px-2.5 py-2 text-xs">
      <div className="flex items-center justify-between gap-2">
        <span className="font-medium">Demo traffic</span>
        <AskFirst
          action="demo.switch"
          title={data.running ? 'Pause demo traffic' : 'Resume demo traffic'}
          confirm={data.running ? 'Pause demo traffic' : 'Resume demo traffic'}
          word={DEFAULT_ENVIRONMENT}
          pending={pending}
          failure={error?.message}
          onGo={(grounds) => run({ running: !data.running, ...grounds })}
        >
          {(ask) => (
            <Switch
              on={data.running}
              onChange={ask}
              label="Demo traffic"
              pending={pending}
              disabledReason={whyNot['demo.switch']}
            />
          )}
        </AskFirst>
      </div>
      <p className="text-muted">
        {pending ? 'Asked for …' : data.running ? 'Virtual players come and go.' : 'Paused: no new virtual players.'}
      </p>
      {error && (
        <p role="alert" className="mt-1 text-bad">
          {error.message}
        </p>
      )}
    </div>
  )
}
