/** JSON Web Tokens, such as Xero's access tokens, and anything after `Bearer`: clients put requests into messages. */
const TOKEN = /\beyJ[\w-]{16,}(?:\.[\w-]*)*|(?<=\bBearer\s{1,4})[\w.~+/=-]{16,}/gi;

/**
 * Cuts a text and removes access tokens from it. The original is not kept in memory.
 *
 * @param max the longest result, in characters, including the note of the original length; at least 40
 */
export function boundedText(text: string, max: number): string {
  if (text.length <= max) return text.replace(TOKEN, '[token]');
  const note = `… (${text.length} characters)`;
  // A slice would keep the whole text in memory; a copy through bytes does not, and repairs a character cut in half.
  const start = Buffer.from(text.slice(0, Math.max(0, max - note.length))).toString();
  return start.replace(TOKEN, '[token]') + note;
}
