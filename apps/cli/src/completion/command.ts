import type { Command } from 'commander';
import { Argument } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

const MORE_HELP = `
bash  eval "$(xero-webhooks completion bash)"          in ~/.bashrc
zsh   eval "$(xero-webhooks completion zsh)"           in ~/.zshrc, after compinit
fish  xero-webhooks completion fish | source           in ~/.config/fish/config.fish`;

/** Adds `xw completion`. */
export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description('Print a script that completes commands and options with the Tab key.')
    .addArgument(new Argument('<shell>', 'for which shell').choices(SHELLS))
    .addHelpText('after', MORE_HELP)
    .action(async (shell: Shell) => {
      const { printCompletion } = await import('./run.ts');
      printCompletion(program, shell);
    });
}
