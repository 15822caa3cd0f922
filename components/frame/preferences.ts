import type { Theme } from './theme-toggle.tsx'

/** The colours somebody chose; a cookie can hold anything. */
export function readTheme(value: string | undefined): Theme {
  return value === 'light' || value === 'dark' ? value : 'system'
}
