'use client'

import { clsx } from 'clsx'
import { SearchX } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { BUTTON_LOOKS, BUTTON_SHAPE, BUTTON_SIZES } from '#components/ui/button.tsx'
import { describeAddress } from './describe-address.ts'

/** Names what the address asked for and was not found. */
export function NotFound() {
  const { title, text, back } = describeAddress(usePathname())
  return (
    <div className="flex flex-col items-start gap-3">
      <SearchX className="size-7 text-faint" aria-hidden strokeWidth={1.5} />
      <h1 className="max-w-full text-xl font-semibold break-words">{title}</h1>
      <p className="max-w-prose text-muted">{text}</p>
      <Link href={back.href} className={clsx(BUTTON_SHAPE, BUTTON_SIZES.medium, BUTTON_LOOKS.secondary)}>
        {back.text}
      </Link>
    </div>
  )
}
