'use client'

import { createContext, type ReactNode, useContext } from 'react'
import type { Action, Ask, Role } from '#lib/access/roles.ts'
import type { SwitchView } from '#lib/access/switches.ts'
import type { EnvironmentView } from '#lib/tickets/views.ts'

/** Who is here, where, and what they may do: known to every control below the frame. */
export interface Desk {
  environment: EnvironmentView
  environments: EnvironmentView[]
  person: { name: string; role: Role }
  /** null where the action is allowed here; otherwise the sentence for the disabled control. */
  whyNot: Record<Action, string | null>
  /** What has to be given along with the click: see `GroundsFields`. */
  asks: Partial<Record<Action, Exclude<Ask, 'nothing'>>>
  /** The brakes that were on when the page was drawn. */
  switches: SwitchView[]
  /** On a page that is about no environment: `environment` is only where the way on leads. */
  nowhere?: boolean
}

const DeskContext = createContext<Desk | null>(null)

export function DeskProvider({ desk, children }: { desk: Desk; children: ReactNode }) {
  return <DeskContext value={desk}>{children}</DeskContext>
}

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (!desk) throw new Error('useDesk is used outside a DeskProvider.')
  return desk
}

/** The address of something in the environment one is in. */
export function useHref(): (rest: string) => string {
  const { environment } = useDesk()
  return (rest) => `/${encodeURIComponent(environment.name)}${rest}`
}
