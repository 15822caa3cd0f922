import { clsx } from 'clsx'
import { CopyButton } from './copy-button.tsx'

/** Middle-truncated, because ids differ at both ends: `t-7f3a9…41c2`. */
export function middle(id: string, length = 18): string {
  if (id.length <= length) return id
  const tail = Math.floor((length - 1) / 2)
  return `${id.slice(0, length - 1 - tail)}…${id.slice(-tail)}`
}

interface IdTextProps {
  id: string
  /** Characters shown before the middle is left out; null shows all and wraps. */
  length?: number | null
  className?: string
}

/** An id as text of its own direction, so that no character in it can turn the words around it. */
export function IdText({ id, length = 18, className }: IdTextProps) {
  return (
    <bdi
      dir="ltr"
      className={clsx('font-mono text-[0.94em]', length === null && 'break-all', className)}
      title={length !== null && id.length > length ? id : undefined}
    >
      {length === null ? id : middle(id, length)}
    </bdi>
  )
}

/** With its copy button, which copies the whole id. */
export function CopyableId({ id, what, length, className }: IdTextProps & { what: string }) {
  return (
    <span className={clsx('inline-flex min-w-0 items-center gap-1', className)}>
      <IdText id={id} length={length} />
      <CopyButton text={id} label={`${what} ${middle(id, 40)}`} />
    </span>
  )
}
