import type { Metadata } from 'next'
import { EnvironmentList } from '#components/environments/environment-list.tsx'
import { FirstView } from '#components/live/first-view.tsx'
import { queries } from '#components/live/queries.ts'
import { guardedPage } from '#lib/access/guard.ts'
import { listStates } from '#lib/environments/list-states.ts'

export const metadata: Metadata = { title: 'Environments' }

export default async function EnvironmentsPage() {
  const { runtime, person } = await guardedPage('ticket.view')
  const read = async () =>
    listStates(runtime.db, await runtime.environments.list(), person, (each) => runtime.healthOf(each).outage)
  return (
    <FirstView answers={[{ query: queries.environments(), read }]}>
      <EnvironmentList />
    </FirstView>
  )
}
