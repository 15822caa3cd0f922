'use client'

import { type ComponentType, type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from './button.tsx'
import { Problem } from './problem.tsx'

/** For browsers that do not tell when they are idle. */
const SOON_MS = 1_000

type Late<P> = ComponentType<P & { when: boolean }> & {
  /** Fetches it when nothing else is to be done: an effect, for parts that are drawn only once they are wanted. */
  soon(): () => void
}

/**
 * A part that a page does not need to be drawn: fetched when the browser has nothing else to do, at the latest when
 * `when` is first true, and then there for good. What asked for it waits, so no click is lost; what cannot be fetched is
 * said in its place.
 */
export function late<P extends object>(
  load: () => Promise<ComponentType<P>>,
  /** Keeps its place while it is on its way. */
  meanwhile: ReactNode = null,
): Late<P> {
  let here: ComponentType<P> | null = null
  let asked: Promise<void> | null = null
  const ask = () => {
    asked ??= load().then(
      (part) => {
        here = part
      },
      (error: unknown) => {
        asked = null // the next one asks again
        throw error
      },
    )
    return asked
  }

  // What fails here is asked for again when it is wanted.
  const soon = () => whenIdle(() => void ask().catch(() => {}))

  function LatePart({ when, ...props }: P & { when: boolean }) {
    const [, setTurn] = useState(0)
    const [failed, setFailed] = useState(false)
    const wanted = useRef(when)
    wanted.current ||= when
    const fetchNow = () => {
      setFailed(false)
      ask().then(
        () => setTurn((turn) => turn + 1),
        () => setFailed(true),
      )
    }
    // biome-ignore lint/correctness/useExhaustiveDependencies: it is always the same part
    useEffect(() => {
      if (here) return
      if (when) fetchNow()
      else return soon()
    }, [when])

    if (!wanted.current) return null
    const Part = here
    if (Part) return <Part {...(props as unknown as P)} />
    if (!failed) return when ? meanwhile : null
    return (
      <Problem
        className="basis-full"
        title="This part of the page could not be loaded."
        action={
          <Button size="small" onClick={fetchNow}>
            Try again
          </Button>
        }
      >
        Check that Matchdesk is running and that this device is online. After an update of Matchdesk, reload the page.
      </Problem>
    )
  }
  return Object.assign(LatePart, { soon })
}

/** Runs it once the page stands and nothing else is to be done. Returns how to call that off. */
function whenIdle(run: () => void): () => void {
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(run, SOON_MS)
    return () => clearTimeout(timer)
  }
  const handle = requestIdleCallback(run)
  return () => cancelIdleCallback(handle)
}
