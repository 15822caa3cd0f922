'use client'

import { Monitor, Moon, Sun } from 'lucide-react'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { setPreference } from '#components/ui/clock.tsx'

export type Theme = 'system' | 'light' | 'dark'
const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }
const ICONS = { system: Monitor, light: Sun, dark: Moon }

/** System, light, dark, and round again. The choice is a cookie, so that the server's first paint has it. */
export function ThemeToggle({ theme: initial }: { theme: Theme }) {
  const [theme, setTheme] = useState(initial)
  const Icon = ICONS[theme]
  return (
    <Button
      look="ghost"
      size="icon"
      aria-label={`Colours: ${theme}. Change to ${NEXT[theme]}`}
      title={`Colours: ${theme}`}
      onClick={() => {
        const next = NEXT[theme]
        setTheme(next)
        setPreference('theme', next)
        document.documentElement.dataset.theme = next
      }}
    >
      <Icon className="size-4" aria-hidden />
    </Button>
  )
}
