'use client'

import { clsx } from 'clsx'
import { usePathname } from 'next/navigation'
import { Link } from '#components/ui/link.tsx'
import { useHref } from './desk.tsx'
import { PAGES } from './pages.ts'

export function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  const href = useHref()
  const pathname = usePathname()
  return (
    <nav aria-label="Pages" className="flex flex-col gap-0.5">
      {PAGES.map(({ name, path, icon: Icon }) => {
        const target = href(path)
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
