'use client'

import { clsx } from 'clsx'
import { type ReactNode, useId } from 'react'

const CONTROL = 'min-h-8 w-full min-w-0 rounded-md border border-control-line bg-panel px-2 text-sm'
/** Not of a list to choose from: a style sheet takes that for read-only always. */
const READ_ONLY = 'read-only:cursor-not-allowed read-only:border-line read-only:bg-sunken'

interface FieldProps {
  label: string
  /** One line of what is meant, under the field. */
  hint?: ReactNode
  children: (ids: { id: string; 'aria-describedby': string | undefined; className: string }) => ReactNode
}

export function Field({ label, hint, children }: FieldProps) {
  const id = useId()
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({ id, 'aria-describedby': hint ? `${id}-hint` : undefined, className: CONTROL })}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-pretty text-muted">
          {hint}
        </p>
      )}
    </div>
  )
}

interface TextFieldProps {
  label: string
  hint?: ReactNode
  value: string
  placeholder?: string
  readOnly?: boolean
  mono?: boolean
  onChange: (value: string) => void
}

export function TextField({ label, hint, value, placeholder, readOnly, mono, onChange }: TextFieldProps) {
  return (
    <Field label={label} hint={hint}>
      {({ className, ...ids }) => (
        <input
          {...ids}
          className={clsx(className, READ_ONLY, mono && 'font-mono text-xs')}
          value={value}
          placeholder={placeholder}
          readOnly={readOnly}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

interface LinesFieldProps {
  label: string
  hint?: ReactNode
  values: readonly string[]
  onChange: (values: string[]) => void
}

/** One value per line. */
export function LinesField({ label, hint, values, onChange }: LinesFieldProps) {
  return (
    <Field label={label} hint={hint}>
      {({ className, ...ids }) => (
        <textarea
          {...ids}
          className={`${className} resize-y py-1.5 font-mono text-xs`}
          rows={Math.max(2, values.length + 1)}
          // Not controlled by the trimmed values: a line that is being begun is empty.
          defaultValue={values.join('\n')}
          spellCheck={false}
          onChange={(event) =>
            onChange(
              event.target.value
                .split('\n')
                .map((line) => line.trim())
                .filter((line) => line !== ''),
            )
          }
        />
      )}
    </Field>
  )
}

interface ChoiceProps<T extends string> {
  label: string
  hint?: ReactNode
  value: T
  options: readonly { value: T; text: string }[]
  disabled?: boolean
  onChange: (value: T) => void
}

export function Choice<T extends string>({ label, hint, value, options, disabled, onChange }: ChoiceProps<T>) {
  return (
    <Field label={label} hint={hint}>
      {(ids) => (
        <select {...ids} value={value} disabled={disabled} onChange={(event) => onChange(event.target.value as T)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

interface TickProps {
  label: string
  hint?: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
}

export function Tick({ label, hint, checked, onChange }: TickProps) {
  const id = useId()
  return (
    <div className="flex items-start gap-2">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-accent-fill"
      />
      <div className="min-w-0">
        <label htmlFor={id} className="block text-sm font-medium">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-xs text-pretty text-muted">
            {hint}
          </p>
        )}
      </div>
    </div>
  )
}
