import { CodedError } from '@xero-webhooks/runtime/coded-error';

/** Its exit code tells a wrong command line from work that failed. */
export class WrongUsage extends CodedError {
  readonly exitCode = 2;
}
