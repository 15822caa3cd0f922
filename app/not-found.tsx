import { NotFound } from '#components/frame/not-found.tsx'

export default function NotFoundPage() {
  return (
    <main className="mx-auto max-w-2xl px-6 py-24">
      <NotFound />
    </main>
  )
}
