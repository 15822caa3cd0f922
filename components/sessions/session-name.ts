/** The last part of a game session's ARN: what tells sessions apart where the fleet is the same. */
export function sessionName(gameSessionArn: string): string {
  return gameSessionArn.slice(gameSessionArn.lastIndexOf('/') + 1) || gameSessionArn
}
