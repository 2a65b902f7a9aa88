import { writeFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { JSON_RESULTS } from '../apps/cli/src/json-results.ts';
import { createProgram } from '../apps/cli/src/program.ts';

type Command = ReturnType<typeof createProgram>;

const INTRODUCTION = `<!-- Made by \`pnpm run docs\` from apps/cli/src: change it there. -->

# Commands

\`xw\` is \`npx xero-webhooks\` where the package is installed, and \`npx pnpm@12 xw\` in a checkout. The commands about events connect to the Redis that the environment names ([configuration.md](configuration.md#redis)), or else to the one that \`pnpm start\` runs in the working directory. [operations.md](operations.md) says which command answers which question.

- Exit codes: 0 done, 1 failed or only partly done, 2 wrong usage.
- The result is on standard output; remarks, progress and errors are on standard error. An error is one line with a code that [errors.md](errors.md) explains.
- \`--json\` prints one JSON value, or one on each line where the command goes on. [cli.schema.json](cli.schema.json) has a JSON Schema for each command, under \`$defs\`.
- What changes more than one event does so only with \`--yes\`, after it has said how many there are; \`--dry-run\` only says so. Each is safe to repeat, to interrupt with Ctrl-C and to do twice at once, and is recorded with the name of who did it (\`--by\`, by default your user name).
- A time is \`30m\`, \`2h\` or \`7d\` ago, or a date and time such as \`2026-11-23T09:00\`.
`;

const WIDTH = 100;

/** The text of docs/cli.md: every command and its help. */
export function cliDoc(): string {
  return [INTRODUCTION, ...createProgram().commands.flatMap((command) => sections(command, ''))].join('\n');
}

/** The text of docs/cli.schema.json: what each command prints with `--json`. */
export function cliSchema(): string {
  const $defs = Object.fromEntries(
    Object.entries(JSON_RESULTS).map(([command, { schema, lines }]) => {
      const { $schema: _, ...jsonSchema } = toJsonSchema(schema, { ignoreActions: ['readonly'] });
      return [command, lines ? { description: 'One on each line.', ...jsonSchema } : jsonSchema];
    }),
  );
  const title = 'What the commands of xero-webhooks print with --json';
  return `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', title, $defs }, undefined, 2)}\n`;
}

/** A command with sub-commands has a section, and so has each of these. */
function sections(command: Command, parent: string): string[] {
  const name = `${parent}${command.name()}`;
  const heading = parent === '' ? '##' : '###';
  return [
    `${heading} xw ${name}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`,
    ...command.commands.flatMap((sub) => sections(sub, `${name} `)),
  ];
}

function helpOf(command: Command): string {
  let text = '';
  command
    .configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => WIDTH, getOutHasColors: () => false })
    .outputHelp();
  return text.trimEnd();
}

if (import.meta.main) {
  writeFileSync(new URL('../docs/cli.md', import.meta.url), cliDoc());
  writeFileSync(new URL('../docs/cli.schema.json', import.meta.url), cliSchema());
}
