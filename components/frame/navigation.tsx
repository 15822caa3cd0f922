'use client'

import { clsx } from 'clsx'
import { usePathname } from 'next/navigation'
import { Link } from '#components/ui/link.tsx'
import { useDesk } from './desk.tsx'
import { addressOfPage, PAGES } from './pages.ts'

export function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  const { environment } = useDesk()
  const pathname = usePathname()
  return (
    <nav aria-label="Pages" className="flex flex-col gap-0.5">
      {PAGES.map((page) => {
        const { name, path, icon: Icon } = page
        const target = addressOfPage(page, environment.name)
        const here = path === '' ? pathname === target : pathname === target || pathname.startsWith(`${target}/`)
        return (
          <Link
            key={path}
            href={target}
            onClick={onNavigate}
            aria-current={here ? 'page' : undefined}
            className={clsx(
              'flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm',
              here ? 'bg-active font-medium text-text' : 'text-muted hover:bg-hover hover:text-text',
            )}
          >
            <Icon className={clsx('size-4', here && 'text-accent')} aria-hidden strokeWidth={1.75} />
            {name}
          </Link>
        )
      })}
    </nav>
  )
}
