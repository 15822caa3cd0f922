/** Text in which tickets and game sessions are links, from beginning to end. */
export type LinkedText = readonly (string | { ticketId: string } | { gameSessionArn: string })[]

/** As it is read out: ids are whole. */
export function plainText(text: LinkedText): string {
  return text
    .map((part) => (typeof part === 'string' ? part : 'ticketId' in part ? part.ticketId : part.gameSessionArn))
    .join('')
}
