import { CodedError } from '@xero-webhooks/runtime/coded-error';

/** The command line is not as the command expects. Its exit code tells that apart from work that failed. */
export class WrongUsage extends CodedError {
  readonly exitCode = 2;
}
