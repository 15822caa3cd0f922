'use client'

import { AskFirst } from '#components/frame/ask-first.tsx'
import { useDesk } from '#components/frame/desk.tsx'
import type { Grounds } from '#components/frame/grounds-fields.tsx'
import { PageHeader } from '#components/frame/page-header.tsx'
import { Loaded } from '#components/live/loaded.tsx'
import { queries } from '#components/live/queries.ts'
import { useAction } from '#components/live/use-action.ts'
import { useQuery, useQueryClient } from '#components/live/use-query.tsx'
import { ActionProblem } from '#components/tickets/action-problem.tsx'
import { Button } from '#components/ui/button.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Moment } from '#components/ui/time.tsx'
import { turnSwitchOff, turnSwitchOn } from '#lib/access/switch-actions.ts'
import type { SwitchName } from '#lib/access/switch-names.ts'
import type { SwitchView } from '#lib/access/switches.ts'

interface SwitchListProps {
  /** What can be stopped one by one, and what it is called in a sentence. */
  actions: { name: SwitchName; spoken: string }[]
}

export function SwitchList({ actions }: SwitchListProps) {
  const query = useQuery(queries.switches())
  return (
    <>
      <PageHeader
        title="Switches"
        line="What nobody can do for now, in every environment and whatever their role. Looking always goes on."
      />
      <Loaded query={query} what="the switches">
        {(on) => (
          <div className="flex max-w-4xl flex-col gap-4">
            <Panel title="Everything" flush>
              <ul>
                <SwitchLine
                  name="read-only"
                  spoken="change anything"
                  title="Read-only"
                  line="Nothing can be changed by anybody. Events go on being read, and what GameLift does goes on."
                  on={on.find(({ name }) => name === 'read-only')}
                />
              </ul>
            </Panel>
            <Panel title="One action" flush>
              <ul>
                {actions.map(({ name, spoken }) => (
                  <SwitchLine
                    key={name}
                    name={name}
                    spoken={spoken}
                    title={`${spoken[0]?.toUpperCase()}${spoken.slice(1)}`}
                    on={on.find((each) => each.name === name)}
                  />
                ))}
              </ul>
            </Panel>
          </div>
        )}
      </Loaded>
    </>
  )
}

interface SwitchLineProps {
  name: SwitchName
  /** What is done, in a sentence: "cancel tickets". */
  spoken: string
  title: string
  line?: string
  /** When it is on. */
  on: SwitchView | undefined
}

function SwitchLine({ name, spoken, title, line, on }: SwitchLineProps) {
  const { whyNot } = useDesk()
  const client = useQueryClient()
  const done = () => client.invalidateQueries(queries.switches().queryKey)
  const stop = useAction<{ name: SwitchName } & Grounds, unknown>(turnSwitchOn, done)
  const goOn = useAction<{ name: SwitchName } & Grounds, unknown>(turnSwitchOff, done)
  const { run, pending, error } = on ? goOn : stop
  const failure = error && <ActionProblem error={error} />
  const isReadOnly = name === 'read-only'
  const verb = on ? (isReadOnly ? 'End read-only' : 'Let it go on') : isReadOnly ? 'Make read-only' : 'Stop it'
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t px-4 py-2 text-sm first:border-t-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-medium">{title}</p>
        {on ? (
          <p className="text-warning break-words">
            {on.fixed ? (
              'On since Matchdesk was started with MATCHDESK_READ_ONLY=1.'
            ) : (
              <>
                Stopped since <Moment at={on.since} /> by {on.by}
                {on.reason !== null && <>: {on.reason}</>}
              </>
            )}
          </p>
        ) : (
          line && <p className="text-muted">{line}</p>
        )}
        {failure}
      </div>
      <AskFirst
        action={on ? 'switch.off' : 'switch.on'}
        title={
          isReadOnly
            ? on
              ? 'End read-only'
              : 'Make Matchdesk read-only'
            : on
              ? `Let everybody ${spoken} again`
              : `Let nobody ${spoken}`
        }
        confirm={verb}
        says={
          on
            ? 'It can be done again at once, by whom the roles allow it.'
            : 'It holds at once, for everybody and in every environment. An operator can stop it, only an administrator can let it go on.'
        }
        word={name}
        reasonWelcome
        danger={!on}
        pending={pending}
        failure={failure}
        onGo={(grounds) => run({ name, ...grounds })}
      >
        {(ask) => (
          <Button
            size="small"
            look={on ? 'secondary' : 'danger-quiet'}
            aria-label={isReadOnly ? verb : `${verb}: ${spoken}`}
            pending={pending}
            disabledReason={
              on?.fixed
                ? 'It was switched so at start: start Matchdesk without MATCHDESK_READ_ONLY.'
                : whyNot[on ? 'switch.off' : 'switch.on']
            }
            onClick={ask}
          >
            {verb}
          </Button>
        )}
      </AskFirst>
    </li>
  )
}
