interface RowCheckboxProps {
  label: string
  describedBy?: string
  checked: boolean
  onChange: (on: boolean) => void
}

/** As small as the text beside it, and large enough to be hit. */
export function RowCheckbox({ label, describedBy, checked, onChange }: RowCheckboxProps) {
  return (
    <label className="grid size-6 place-items-center">
      <input
        type="checkbox"
        className="size-4 accent-accent-fill"
        aria-label={label}
        aria-describedby={describedBy}
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
    </label>
  )
}
