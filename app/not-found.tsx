import type { Metadata } from 'next'
import { NotFound } from '#components/frame/not-found.tsx'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFoundPage() {
  return (
    <main className="mx-auto max-w-2xl px-6 py-24">
      <NotFound />
    </main>
  )
}
