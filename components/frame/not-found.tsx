'use client'

import { usePathname } from 'next/navigation'
import { describeAddress } from './describe-address.ts'

/** Names what the address asked for and was not found. As small as it can be: it is part of every page's first load. */
export function NotFound() {
  const { title, text, back } = describeAddress(usePathname())
  return (
    <div className="flex flex-col items-start gap-3">
      <h1 className="max-w-full text-xl font-semibold break-words">{title}</h1>
      <p className="max-w-prose text-muted">{text}</p>
      <a
        href={back.href}
        className="inline-flex h-8 items-center rounded-md border border-line-strong bg-panel px-3 text-sm font-medium hover:bg-hover"
      >
        {back.text}
      </a>
    </div>
  )
}
