import { clsx } from 'clsx'
import { type ButtonHTMLAttributes, useId } from 'react'

export const BUTTON_LOOKS = {
  primary: 'bg-accent-fill text-on-accent border-transparent hover:bg-accent-fill-hover',
  secondary: 'bg-panel text-text border-line-strong hover:bg-hover',
  ghost: 'bg-transparent text-muted border-transparent hover:bg-hover hover:text-text',
  danger: 'bg-bad-fill text-on-accent border-transparent hover:bg-bad-fill-hover',
  'danger-quiet': 'bg-panel text-bad border-line-strong hover:bg-hover',
} as const
export type ButtonLook = keyof typeof BUTTON_LOOKS

export const BUTTON_SHAPE =
  'inline-flex items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap select-none transition-colors'
export const BUTTON_SIZES = {
  small: 'h-6 min-w-6 px-2 text-xs',
  medium: 'h-8 min-w-8 px-3 text-sm',
  icon: 'size-8 px-0',
  'small-icon': 'size-6 px-0',
} as const

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  look?: ButtonLook
  size?: keyof typeof BUTTON_SIZES
  /** Being carried out: keeps its place and width, takes no second click. */
  pending?: boolean
  /**
   * Why it cannot be used now, and who can. The button stays reachable by keyboard so that the reason can be read.
   */
  disabledReason?: string | null
}

export function Button({
  look = 'secondary',
  size = 'medium',
  pending = false,
  disabledReason = null,
  className,
  onClick,
  type = 'button',
  children,
  ...rest
}: ButtonProps) {
  const reasonId = useId()
  const off = pending || disabledReason !== null
  return (
    <>
      <button
        {...rest}
        type={type}
        aria-disabled={off || undefined}
        aria-busy={pending || undefined}
        aria-describedby={disabledReason ? reasonId : rest['aria-describedby']}
        title={disabledReason ?? rest.title}
        onClick={off ? (event) => event.preventDefault() : onClick}
        className={clsx(
          BUTTON_SHAPE,
          BUTTON_SIZES[size],
          off && !pending ? 'cursor-not-allowed border-line bg-transparent text-faint' : BUTTON_LOOKS[look],
          pending && 'hatched cursor-progress',
          className,
        )}
      >
        {children}
      </button>
      {disabledReason && (
        <span id={reasonId} className="sr-only">
          {disabledReason}
        </span>
      )}
    </>
  )
}
