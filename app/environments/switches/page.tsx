import type { Metadata } from 'next'
import { FirstView } from '#components/live/first-view.tsx'
import { queries } from '#components/live/queries.ts'
import { SwitchList } from '#components/switches/switch-list.tsx'
import { guardedPage } from '#lib/access/guard.ts'
import { rowOf } from '#lib/access/role-table.ts'
import { SWITCHABLE } from '#lib/access/switch-names.ts'

export const metadata: Metadata = { title: 'Switches' }

/** The brakes: seen by everybody, turned on by operators, off by administrators. */
export default async function SwitchesPage() {
  const { switches } = await guardedPage('ticket.view')
  const actions = SWITCHABLE.map((name) => ({ name, spoken: rowOf(name)?.spoken ?? name }))
  return (
    <FirstView answers={[{ query: queries.switches(), read: async () => switches }]}>
      <SwitchList actions={actions} />
    </FirstView>
  )
}
