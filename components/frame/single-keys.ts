const STORED = 'matchdesk-single-keys'

/** Whether single letters act: one may turn them off (speech input types letters by accident). */
export function singleKeysOn(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off'
  } catch {
    return true
  }
}

export function setSingleKeys(on: boolean): void {
  try {
    localStorage.setItem(STORED, on ? 'on' : 'off')
  } catch {
    // Without storage the choice cannot be kept; the keys stay on.
  }
}

/** True for a plain key pressed while nothing is being typed and no dialog is open. */
export function isShortcut(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !singleKeysOn()) return false
  const { target } = event
  if (target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], dialog'))
    return false
  return document.querySelector('dialog[open]') === null
}
