'use client'

import { clsx } from 'clsx'
import { Inbox } from 'lucide-react'
import { useState } from 'react'
import { useDesk, useHref } from '#components/frame/desk.tsx'
import { PageHeader } from '#components/frame/page-header.tsx'
import { Loaded } from '#components/live/loaded.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { Link } from '#components/ui/link.tsx'
import { Pager } from '#components/ui/pager.tsx'
import { Empty } from '#components/ui/states.tsx'
import { TABLE, TABLE_SCROLL, TH } from '#components/ui/table.ts'
import type { PageOf, SetAsideRow } from '#lib/tickets/views.ts'
import { QueuePanel } from './queue-panel.tsx'
import { RowCheckbox } from './row-checkbox.tsx'
import { SetAsideActions } from './set-aside-actions.tsx'
import { SetAsideRows } from './set-aside-rows.tsx'
import { STATE_LINES, STATE_WORDS } from './set-aside-words.ts'

interface SetAsideListProps {
  state: SetAsideRow['state']
  cursor: string | null
}

export function SetAsideList({ state, cursor }: SetAsideListProps) {
  const { environment } = useDesk()
  const query = useQuery(queries.setAside(environment.name, state, cursor))
  return (
    <>
      <PageHeader title="Set aside" line={STATE_LINES[state]} />
      <QueuePanel />
      <div className="rounded-lg border bg-panel">
        <StateTabs here={state} />
        <Loaded query={query} what="the messages set aside">
          {(page) => <Messages page={page} state={state} cursor={cursor} />}
        </Loaded>
      </div>
    </>
  )
}

function StateTabs({ here }: { here: SetAsideRow['state'] }) {
  const href = useHref()
  return (
    <nav aria-label="Messages by state" className="overflow-x-auto border-b px-2">
      <ul className="flex items-center">
        {(['waiting', 'taken', 'dropped'] as const).map((state) => (
          <li key={state}>
            <Link
              href={href(state === 'waiting' ? '/set-aside' : `/set-aside?state=${state}`)}
              prefetch={false}
              aria-current={here === state ? 'page' : undefined}
              className={clsx(
                'flex h-9 items-center border-b-2 px-2 text-sm',
                here === state
                  ? 'border-accent font-medium text-text'
                  : 'border-transparent text-muted hover:text-text',
              )}
            >
              {STATE_WORDS[state]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Messages({ page, state, cursor }: SetAsideListProps & { page: PageOf<SetAsideRow> }) {
  const href = useHref()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  // Rows may leave the page while they are chosen: only what can be seen is acted upon.
  const shown = page.rows.filter(({ id }) => chosen.has(id)).map(({ id }) => id)
  const all = page.rows.length > 0 && shown.length === page.rows.length

  const choose = (ids: readonly string[], on: boolean) => {
    const next = new Set(chosen)
    for (const id of ids) {
      if (on) next.add(id)
      else next.delete(id)
    }
    setChosen(next)
  }
  return (
    <>
      <SetAsideActions state={state} chosen={shown} any={page.rows.length > 0} onDone={() => setChosen(new Set())} />
      {page.rows.length === 0 ? (
        <Nothing state={state} first={cursor === null} />
      ) : (
        <div className={TABLE_SCROLL}>
          <table className={clsx(TABLE, 'table-fixed')}>
            <caption className="sr-only">Messages set aside, newest first</caption>
            <thead>
              <tr>
                <th scope="col" className={clsx(TH, 'w-10 sm:w-12')}>
                  <RowCheckbox
                    label="Choose every message of this page"
                    checked={all}
                    onChange={(on) =>
                      choose(
                        page.rows.map(({ id }) => id),
                        on,
                      )
                    }
                  />
                </th>
                <th scope="col" className={TH}>
                  Why
                </th>
                <th scope="col" className={clsx(TH, 'w-24 text-right sm:w-28')}>
                  Last
                </th>
              </tr>
            </thead>
            <SetAsideRows rows={page.rows} chosen={chosen} choose={choose} />
          </table>
        </div>
      )}
      <Pager
        cursor={cursor}
        nextCursor={page.nextCursor}
        hrefOf={(next) => href(`/set-aside?${new URLSearchParams({ state, ...(next !== null && { cursor: next }) })}`)}
        newestFirst
        shown={page.rows.length}
      />
    </>
  )
}

function Nothing({ state, first }: { state: SetAsideRow['state']; first: boolean }) {
  if (!first) return <Empty icon={Inbox} title="No older messages" />
  switch (state) {
    case 'waiting':
      return (
        <Empty icon={Inbox} title="Nothing waits here">
          Every message that came could be used. One that cannot, because it is not readable or of another account,
          appears here with the reason.
        </Empty>
      )
    case 'taken':
      return (
        <Empty icon={Inbox} title="Nothing was taken from here yet">
          What is redriven with success is listed here.
        </Empty>
      )
    case 'dropped':
      return (
        <Empty icon={Inbox} title="Nothing was dropped">
          What somebody puts away is listed here, and can still be redriven.
        </Empty>
      )
  }
}
