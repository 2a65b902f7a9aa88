/** Which spaces of a secret count: in a key none can be meant, in a password those at its ends can be. */
export type SecretSpaces = 'none' | 'inside' | 'everywhere';

/** A secret as it was meant, and what was taken off it, in words; or why that is not certain. */
export type CleanedSecret = { readonly text: string; readonly removed: readonly string[] } | { complaint: string };

/** Nobody sees these: white space but the ordinary one, control characters, and what Unicode calls format characters. */
const INVISIBLE = String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00AD\u034F\u115F\u1160\u17B4\u17B5\u180E\u2800\u3164\uFFA0]|(?! )\p{Zs}`;

/** How a line ends, in a file or where one was read with its end. Nobody needs to be told. */
const LINE_END = /[\r\n]+$/;

const INVISIBLE_AT_ENDS = new RegExp(`^(?:${INVISIBLE})+|(?:${INVISIBLE})+$`, 'gu');
const ALL_INVISIBLE = new RegExp(INVISIBLE, 'gu');
const INVISIBLE_INSIDE = new RegExp(INVISIBLE, 'u');

/** What word processors and phones make of quotes. */
const TYPOGRAPHIC_QUOTES = /[\u2018-\u201F\u2039\u203A\u00AB\u00BB\u300C-\u300F\uFF02\uFF07\u02BC\u00B4]/u;

/** The same quote at both ends, and nowhere between. */
const QUOTED = /^(["'])((?:(?!\1).)*)\1$/su;

/**
 * Takes off a secret what is certainly not meant: quotes around it that a shell would have taken, invisible characters
 * and line breaks at its ends, and spaces there where it cannot have any. What is doubtful is refused: a secret with a
 * character that nobody sees would be refused everywhere, and nobody would know why.
 *
 * @returns the secret as it was meant; cleaning it again changes nothing. An empty one counts as unset.
 */
export function cleanSecret(given: string, spaces: SecretSpaces): CleanedSecret {
  if (given.replaceAll(ALL_INVISIBLE, '').trim() === '') return { text: '', removed: [] };
  const removed = new Set<string>();
  let text = given.replace(LINE_END, '');
  for (let before = ''; before !== text;) {
    before = text;
    const visible = text.replaceAll(INVISIBLE_AT_ENDS, '');
    if (visible !== text) removed.add('invisible characters at its ends');
    text = spaces === 'everywhere' ? visible : visible.replaceAll(/^ +| +$/g, '');
    const [, quote, inner] = QUOTED.exec(text.replaceAll(/^ +| +$/g, '')) ?? [];
    if (quote === undefined || inner === undefined) continue;
    removed.add('the quotes around it');
    text = inner;
  }
  if (text.trim() === '') return { text: '', removed: [] };
  if (INVISIBLE_INSIDE.test(text)) return { complaint: 'has an invisible character or a line break inside' };
  if (TYPOGRAPHIC_QUOTES.test(text)) return { complaint: 'has typographic quotes, as “ or ’' };
  if (spaces === 'none' && text.includes(' ')) return { complaint: 'has a space inside' };
  if (spaces === 'none' && /["'`]/.test(text)) return { complaint: 'has a quote at one end or inside' };
  return { text, removed: [...removed] };
}
