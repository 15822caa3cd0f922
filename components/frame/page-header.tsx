import type { ReactNode } from 'react'

interface PageHeaderProps {
  title: ReactNode
  /** One line of what this is. */
  line?: ReactNode
  actions?: ReactNode
}

export function PageHeader({ title, line, actions }: PageHeaderProps) {
  return (
    <div className="mb-4 flex flex-wrap items-start gap-x-4 gap-y-3">
      <div className="min-w-0 flex-1 basis-72">
        <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl font-semibold tracking-tight">{title}</h1>
        {line && <div className="mt-1 max-w-4xl text-base text-pretty text-muted">{line}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  )
}
