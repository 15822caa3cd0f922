'use client'

import { Pager } from '#components/ui/pager.tsx'

interface AuditPagerProps {
  /** What narrows the list, as the address has it. */
  query: Readonly<Record<string, string>>
  cursor: string | null
  nextCursor: string | null
  shown: number
}

export function AuditPager({ query, ...rest }: AuditPagerProps) {
  const hrefOf = (cursor: string | null) => {
    const given = new URLSearchParams({ ...query, ...(cursor === null ? {} : { cursor }) }).toString()
    return given === '' ? '/audit' : `/audit?${given}`
  }
  return <Pager {...rest} hrefOf={hrefOf} newestFirst />
}
