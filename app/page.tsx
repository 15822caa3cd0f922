import { redirect } from 'next/navigation'
import { guardedPage } from '#lib/access/guard.ts'

/** The default environment's overview is where one starts. */
export default async function StartPage() {
  const { environment } = await guardedPage('ticket.view')
  redirect(`/${encodeURIComponent(environment.name)}`)
}
