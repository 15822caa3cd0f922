'use client'

import { Download } from 'lucide-react'
import { BUTTON_LOOKS, BUTTON_SHAPE, BUTTON_SIZES, Button } from '#components/ui/button.tsx'

interface ExportButtonsProps {
  /** What narrows the list, as the address has it: the file has the same. */
  query: Readonly<Record<string, string>>
  disabledReason: string | null
}

export function ExportButtons({ query, disabledReason }: ExportButtonsProps) {
  return (['csv', 'json'] as const).map((format) => {
    const shown = format.toUpperCase()
    const inside = (
      <>
        <Download className="size-4" aria-hidden />
        {shown}
      </>
    )
    if (disabledReason !== null) {
      return (
        <Button key={format} disabledReason={disabledReason} aria-label={`Export as ${shown}`}>
          {inside}
        </Button>
      )
    }
    return (
      <a
        key={format}
        href={`/api/audit/export?${new URLSearchParams({ ...query, format })}`}
        download
        aria-label={`Export as ${shown}`}
        className={`${BUTTON_SHAPE} ${BUTTON_SIZES.medium} ${BUTTON_LOOKS.secondary}`}
      >
        {inside}
      </a>
    )
  })
}
