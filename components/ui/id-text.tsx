import { clsx } from 'clsx'
import { CopyButton } from './copy-button.tsx'
import { splitId } from './split-id.ts'

/** How much of the beginning is shown before the middle is left out; less on narrow screens. */
const HEADS = {
  short: 'max-w-[5.3ch] min-[360px]:max-w-[8.3ch] sm:max-w-[10.3ch]',
  /** A row of a list: more where the list is wide. */
  row: 'max-w-[5.3ch] min-[360px]:max-w-[8.3ch] sm:max-w-[10.3ch] xl:max-w-[24.3ch]',
  medium: 'max-w-[7.3ch] min-[400px]:max-w-[14.3ch] sm:max-w-[22.3ch]',
  long: 'max-w-[10.3ch] min-[400px]:max-w-[14.3ch] sm:max-w-[42.3ch]',
  all: null,
}

interface IdTextProps {
  id: string
  room?: keyof typeof HEADS
  className?: string
}

/**
 * An id as text of its own direction, so that no character in it can turn the words around it. Where there is no room
 * the middle is left out by the style sheet alone: the page still holds the whole id, for finding, copying and reading
 * out. Blanks are part of an id and stay as they are.
 */
export function IdText({ id, room = 'short', className }: IdTextProps) {
  const head = HEADS[room]
  if (head === null) {
    return (
      <bdi dir="ltr" className={clsx('font-mono text-[0.94em] break-all whitespace-pre-wrap', className)}>
        {id}
      </bdi>
    )
  }
  const [start, end] = splitId(id)
  return (
    <bdi dir="ltr" title={id} className={clsx('font-mono text-[0.94em] whitespace-pre', className)}>
      {start !== '' && (
        <span className={clsx('inline-block overflow-hidden align-bottom text-ellipsis whitespace-pre', head)}>
          {start}
        </span>
      )}
      {end}
    </bdi>
  )
}

/** With its copy button, which copies the whole id. */
export function CopyableId({ id, what, room, className }: IdTextProps & { what: string }) {
  return (
    <span className={clsx('inline-flex min-w-0 items-center gap-1', className)}>
      <IdText id={id} room={room} />
      <CopyButton text={id} label={`${what} ${id}`} />
    </span>
  )
}
