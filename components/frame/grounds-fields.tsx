'use client'

import { type InputHTMLAttributes, useId, useState } from 'react'
import type { Action } from '#lib/access/roles.ts'
import { useDesk } from './desk.tsx'

export interface Grounds {
  reason?: string
  confirmation?: string
}

interface GroundsFieldsProps {
  action: Action
  /** What has to be typed where a confirmation is asked for; left out, the name of the environment. */
  word?: string
  /** Offers the reason also where none is asked for. */
  reasonWelcome?: boolean
}

/**
 * What the role table asks for along with a click, as fields of the form around: nothing where it asks for nothing. Enter
 * in the last of them sends the form.
 */
export function GroundsFields({ action, word, reasonWelcome = false }: GroundsFieldsProps) {
  const { asks, environment } = useDesk()
  const asked = asks[action]
  const typed = word ?? environment.name
  if (asked === undefined && !reasonWelcome) return null
  return (
    <div className="flex flex-col gap-3 text-text">
      <Field
        name="reason"
        label={asked === undefined ? 'Reason (if there is time for one)' : 'Reason'}
        hint={asked === undefined ? undefined : 'It stays in the audit trail beside your name.'}
        wrong="Say why, in some words."
        required={asked !== undefined}
        pattern=".*\S.*"
        maxLength={500}
        data-autofocus={asked === undefined ? undefined : ''}
      />
      {asked === 'confirm' && (
        <Field
          name="confirmation"
          label={
            typed === '' ? (
              'Type its name to confirm'
            ) : (
              <>
                Type <bdi className="font-mono text-[0.94em] break-all">{typed}</bdi> to confirm
              </>
            )
          }
          wrong={`Type ${typed === '' ? 'its name' : typed} as it stands above.`}
          required
          pattern={typed.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)}
          spellCheck={false}
          autoCapitalize="none"
        />
      )}
    </div>
  )
}

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: React.ReactNode
  hint?: string
  /** Shown beside the field while what is in it will not do. */
  wrong: string
}

function Field({ label, hint, wrong, ...input }: FieldProps) {
  const id = useId()
  const [isWrong, setWrong] = useState(false)
  const described = isWrong ? `${id}-wrong` : hint ? `${id}-hint` : undefined
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        {...input}
        id={id}
        autoComplete="off"
        aria-invalid={isWrong || undefined}
        aria-describedby={described}
        onChange={() => setWrong(false)}
        onInvalid={(event) => {
          // In our words and beside the field, where the browser would use a bubble that goes away.
          event.preventDefault()
          setWrong(true)
          const field = event.currentTarget
          if (field.form?.querySelector('input:invalid') === field) field.focus()
        }}
        className="h-8 rounded-md border border-control-line bg-panel px-2 text-text aria-invalid:border-bad"
      />
      {isWrong ? (
        <p id={`${id}-wrong`} className="text-xs text-bad">
          {wrong}
        </p>
      ) : (
        hint && (
          <p id={`${id}-hint`} className="text-xs text-muted">
            {hint}
          </p>
        )
      )}
    </div>
  )
}

/** What was filled in; members that were not asked for are left out. */
export function groundsOf(form: HTMLFormElement): Grounds {
  const data = new FormData(form)
  const grounds: Grounds = {}
  for (const name of ['reason', 'confirmation'] as const) {
    const value = data.get(name)
    if (typeof value === 'string' && value.trim() !== '') grounds[name] = value.trim()
  }
  return grounds
}
