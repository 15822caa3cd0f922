import type { SessionRow } from './views.ts'

export const SESSION_COLUMNS = `game_session_arn, configuration, match_id, player_count, created_at, updated_at, source,
  status, current_players, maximum_players, creation_policy, seen_at, told_by, unlisted_at`

export interface SessionRecord {
  game_session_arn: string
  configuration: string | null
  match_id: string | null
  player_count: number
  created_at: Date
  updated_at: Date
  source: 'event' | 'describe'
  status: string | null
  current_players: number | null
  maximum_players: number | null
  creation_policy: string | null
  seen_at: Date | null
  told_by: string | null
  unlisted_at: Date | null
}

export function sessionRow(record: SessionRecord): SessionRow {
  return {
    gameSessionArn: record.game_session_arn,
    configuration: record.configuration,
    matchId: record.match_id,
    playerCount: record.player_count,
    createdAt: record.created_at.toISOString(),
    updatedAt: record.updated_at.toISOString(),
    source: record.source,
    told: toldOf(record),
  }
}

function toldOf(record: SessionRecord): SessionRow['told'] {
  if (record.status === null || record.seen_at === null) return null
  return {
    status: record.status,
    currentPlayers: record.current_players,
    maximumPlayers: record.maximum_players,
    creationPolicy: record.creation_policy,
    seenAt: record.seen_at.toISOString(),
    by: record.told_by,
    unlistedAt: record.unlisted_at?.toISOString() ?? null,
  }
}
