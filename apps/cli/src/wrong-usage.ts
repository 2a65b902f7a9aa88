import { CodedError } from '@xero-webhooks/runtime';

/** The command line was not written as it has to be. Its exit code tells that apart from work that failed. */
export class WrongUsage extends CodedError {
  readonly exitCode = 2;
}
