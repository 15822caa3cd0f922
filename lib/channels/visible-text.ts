/**
 * Characters that show nothing, or turn the text around them: control characters, zero-width ones, directions. Line
 * breaks and tabs stay.
 */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]/gu

/** The text with each character nobody would see written as its escape, so that what is read is what came. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const point = character.codePointAt(0) ?? 0
    return point > 0xffff ? `\\u{${point.toString(16)}}` : `\\u${point.toString(16).padStart(4, '0')}`
  })
}
