import { clsx } from 'clsx'
import { CopyButton } from './copy-button.tsx'

/** Text as it is, with a copy button; JSON handed in as a value is indented. Scrolls inside itself. */
export function CodeBlock({ code, label, className }: { code: unknown; label: string; className?: string }) {
  const text = typeof code === 'string' ? code : JSON.stringify(code, null, 2)
  return (
    <div className={clsx('group relative min-w-0 rounded-md border bg-sunken', className)}>
      <CopyButton text={text} label={label} className="absolute top-1.5 right-3 bg-sunken" />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label={label} className="max-h-96 overflow-auto p-3 pr-10">
        <pre className="font-mono text-xs">{text}</pre>
      </section>
    </div>
  )
}

/** Indented when it is JSON, else unchanged. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
