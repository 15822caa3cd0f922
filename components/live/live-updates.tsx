'use client'

import { useEffect } from 'react'
import { isAffected } from './affected.ts'
import { changePump } from './change-pump.ts'
import { connectLive } from './live-source.ts'
import { liveState, setLiveState } from './live-state.ts'
import { queries } from './queries.ts'
import type { Query } from './query-client.ts'
import { useQueryClient } from './use-query.tsx'

const REFETCH_EVERY_MS = 250

/**
 * Mounted once, renders nothing: hears hints and refetches what they concern. After every (re)connect everything on
 * screen is read again, which covers whatever was missed.
 */
export function LiveUpdates({ environment }: { environment: string }) {
  const client = useQueryClient()

  useEffect(() => {
    const pump = changePump(async (query: Query) => {
      query.outdate()
      if (query.isWatched()) await query.readAnew()
    }, REFETCH_EVERY_MS)

    const disconnect = connectLive(environment, (message) => {
      const now = Date.now()
      switch (message.type) {
        case 'opened':
          setLiveState({ phase: 'live', heardAt: now, staleSince: null })
          client.invalidateQueries()
          break
        case 'heard':
          // No hint of a ticket comes with this, and the overview tells of it.
          if (message.outage?.since !== liveState().outage?.since) {
            client.invalidateQueries(queries.overview(environment).queryKey)
          }
          setLiveState({
            phase: 'live',
            heardAt: now,
            listening: message.listening,
            staleSince: message.listening ? null : (liveState().staleSince ?? now),
            outage: message.outage,
          })
          break
        case 'change':
          setLiveState({ phase: 'live', heardAt: now })
          for (const query of client.all()) {
            if (!isAffected(query.queryKey, query.state.data, message.change)) continue
            if (query.isWatched()) pump.hint(query)
            else query.outdate()
          }
          break
        case 'lost':
          setLiveState({ phase: 'lost', staleSince: liveState().staleSince ?? liveState().heardAt ?? now })
          break
      }
    })
    return () => {
      disconnect()
      pump.stop()
      setLiveState({ phase: 'connecting', heardAt: null, staleSince: null, listening: true, outage: null })
    }
  }, [client, environment])

  return null
}
