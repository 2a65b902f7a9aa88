import { KNOWN_EVENT_NAMES } from '@xero-webhooks/webhook';
import type { Command } from 'commander';
import { INTENT_TO_RECEIVE } from '../simulate/options.ts';

/** What can follow a command, with what it is. */
export type Word = { readonly text: string; readonly about: string };

/** A command as it is typed, such as `failed list`, `''` for the program itself, and what can follow it. */
export type WordList = { readonly path: string; readonly words: readonly Word[] };

const EVENTS: readonly Word[] = [...KNOWN_EVENT_NAMES, INTENT_TO_RECEIVE].map((text) => ({ text, about: 'event' }));

/** What can follow each command: its sub-commands, the choices of its arguments, its options. */
export function wordLists(command: Command, path = ''): WordList[] {
  const words = [
    ...command.commands.map((sub) => ({ text: sub.name(), about: sub.description() })),
    ...command.registeredArguments.flatMap(({ argChoices = [], description: about }) =>
      argChoices.map((text) => ({ text, about })),
    ),
    ...(path === 'simulate' ? EVENTS : []),
    ...command.options.flatMap(({ long, description: about }) => (long ? [{ text: long, about }] : [])),
    { text: '--help', about: 'display help' },
  ];
  const own = { path, words: words.map(({ text, about }) => ({ text, about: firstSentence(about) })) };
  return [own, ...command.commands.flatMap((sub) => wordLists(sub, `${path} ${sub.name()}`.trim()))];
}

/** As much as stands beside a word in a list. */
function firstSentence(about: string): string {
  const [sentence = ''] = about.split(/[.:;,(](?:\s|$)/);
  return sentence.trim();
}
