import type { SessionRow } from './views.ts'

export const SESSION_COLUMNS = 'game_session_arn, configuration, match_id, player_count, created_at, updated_at'

export interface SessionRecord {
  game_session_arn: string
  configuration: string
  match_id: string
  player_count: number
  created_at: Date
  updated_at: Date
}

export function sessionRow(record: SessionRecord): SessionRow {
  return {
    gameSessionArn: record.game_session_arn,
    configuration: record.configuration,
    matchId: record.match_id,
    playerCount: record.player_count,
    createdAt: record.created_at.toISOString(),
    updatedAt: record.updated_at.toISOString(),
  }
}
