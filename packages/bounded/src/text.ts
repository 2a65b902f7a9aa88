/** JSON Web Tokens, which Xero's access tokens are, and what follows `Bearer`: clients put requests into messages. */
const TOKEN = /\beyJ[\w-]{16,}(?:\.[\w-]*)*|(?<=\bBearer\s{1,4})[\w.~+/=-]{16,}/gi;

/**
 * Cuts a text. Nothing of the whole one is kept in memory, and access tokens in it are left out.
 *
 * @param max the longest result, in characters, with the note of how long the text was; 40 or more
 */
export function boundedText(text: string, max: number): string {
  if (text.length <= max) return text.replace(TOKEN, '[token]');
  const note = `… (${text.length} characters)`;
  // A slice would keep the whole text alive; a copy by way of bytes does not, and mends a character cut in half.
  const start = Buffer.from(text.slice(0, Math.max(0, max - note.length))).toString();
  return start.replace(TOKEN, '[token]') + note;
}
