import { describe, expect, it } from 'vitest'
import { AppError } from '#lib/flexmatch/result.ts'
import type { TicketStatus } from '#lib/flexmatch/status.ts'
import type { DescribedGameSession, DescribedTicket } from '#lib/matchmaker/matchmaker.ts'
import { turnOffBackfill } from './backfill-off.ts'

const ARN = 'arn:aws:gamelift:us-east-1::gamesession/fleet-1/gsess-1'

/** A game session in a time of its own: `sleep` moves the clock and lets `at` happen. */
function session(ticketId: string | null, statuses: Record<string, TicketStatus> = {}) {
  let time = 0
  const happenings: { at: number; happen: () => void }[] = []
  const audited: string[] = []
  const state = {
    ticketId,
    mode: (ticketId ? 'AUTOMATIC' : null) as string | null,
    statuses: new Map(Object.entries(statuses)),
    onStop: (_id: string) => {},
  }
  if (ticketId && !state.statuses.has(ticketId)) state.statuses.set(ticketId, 'SEARCHING')
  return {
    state,
    audited,
    at: (ms: number, happen: () => void) => happenings.push({ at: ms, happen }),
    turnOff: () =>
      turnOffBackfill(ARN, {
        now: () => time,
        async sleep(ms) {
          time += ms
          for (const due of happenings.splice(0)) due.at <= time ? due.happen() : happenings.push(due)
        },
        async stop(id) {
          audited.push(id)
          if (state.statuses.get(id) === 'PLACING') throw new AppError('TOO_LATE', 'placing')
          state.statuses.set(id, 'CANCELLED')
          state.ticketId = null
          state.mode = null
          state.onStop(id)
        },
        matchmaker: {
          describeGameSession: async () =>
            ({
              gameSessionArn: ARN,
              matchmakerData: JSON.stringify({
                teams: [],
                autoBackfillMode: state.mode,
                autoBackfillTicketId: state.ticketId,
              }),
            }) as DescribedGameSession,
          describeTickets: async (ids) =>
            ids.flatMap((id) => {
              const status = state.statuses.get(id)
              return status ? [{ observation: { ticketId: id, status } } as DescribedTicket] : []
            }),
        },
      }),
  }
}

describe('turning automatic backfill off', () => {
  it('stops the ticket the session names now, audited first, and looks again twice', async () => {
    const game = session('bf-1')
    expect(await game.turnOff()).toEqual({
      stoppedTicketIds: ['bf-1'],
      checks: 3,
      autoBackfillMode: null,
      autoBackfillTicketId: null,
    })
    expect(game.audited).toEqual(['bf-1'])
  })

  it('does nothing to a session where it is off already', async () => {
    const game = session(null)
    expect(await game.turnOff()).toMatchObject({ stoppedTicketIds: [], checks: 2 })
    expect(game.audited).toEqual([])
  })

  it('follows a ticket that is renewed while it works', async () => {
    const game = session('bf-1')
    game.state.onStop = (id) => {
      if (id !== 'bf-1') return
      game.state.ticketId = 'bf-2'
      game.state.mode = 'AUTOMATIC'
      game.state.statuses.set('bf-2', 'QUEUED')
    }
    expect((await game.turnOff()).stoppedTicketIds).toEqual(['bf-1', 'bf-2'])
  })

  it('finds a ticket that is renewed only after the first look said there was none', async () => {
    const game = session('bf-1')
    game.at(500, () => {
      game.state.ticketId = 'bf-2'
      game.state.statuses.set('bf-2', 'SEARCHING')
    })
    expect((await game.turnOff()).stoppedTicketIds).toEqual(['bf-1', 'bf-2'])
  })

  it('waits for a ticket that is being placed and stops its successor', async () => {
    const game = session('bf-1', { 'bf-1': 'PLACING' })
    game.at(2_000, () => {
      game.state.statuses.set('bf-1', 'COMPLETED')
      game.state.ticketId = 'bf-2'
      game.state.statuses.set('bf-2', 'SEARCHING')
    })
    expect((await game.turnOff()).stoppedTicketIds).toEqual(['bf-2'])
    expect(game.audited).toEqual(['bf-2'])
  })

  it('says too late, and that it is still on, when the placing does not end in time', async () => {
    const game = session('bf-1', { 'bf-1': 'PLACING' })
    await expect(game.turnOff()).rejects.toMatchObject({
      code: 'TOO_LATE',
      message: expect.stringContaining('still on'),
    })
  })

  it('takes a ticket that ended by itself for ended', async () => {
    const game = session('bf-1', { 'bf-1': 'TIMED_OUT' })
    expect(await game.turnOff()).toMatchObject({ stoppedTicketIds: [], autoBackfillTicketId: 'bf-1' })
  })

  it('gives up after ten tickets that each had a successor, and names them', async () => {
    const game = session('bf-1')
    let made = 1
    game.state.onStop = () => {
      game.state.ticketId = `bf-${++made}`
      game.state.statuses.set(game.state.ticketId, 'SEARCHING')
    }
    await expect(game.turnOff()).rejects.toMatchObject({ code: 'REFUSED', message: expect.stringContaining('bf-10') })
    expect(game.audited).toHaveLength(10)
  })

  it('does not claim success for a stop that was accepted and never took effect', async () => {
    const game = session('bf-1')
    game.state.onStop = (id) => {
      game.state.ticketId = id
      game.state.statuses.set(id, 'SEARCHING')
    }
    await expect(game.turnOff()).rejects.toMatchObject({ code: 'UNCONFIRMED' })
    expect(game.audited).toEqual(['bf-1'])
  })
})
