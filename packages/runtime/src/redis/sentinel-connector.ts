import type { Redis, SentinelConnectionOptions } from 'ioredis';
import { SentinelConnector } from 'ioredis';
import { refusalOf } from './refusal.ts';

type Emit = Parameters<SentinelConnector['connect']>[0];

/** How ioredis opens its connections to Sentinels: with options of their own those that wait for a failover. */
type Opening = { connectToSentinel(endpoint: unknown, options?: object): Redis };

/**
 * ioredis's way to a master by asking Sentinels, with an ear for what goes wrong on the connections to them: ioredis
 * itself hears nothing of what TLS finds wrong, and prints the errors of those that wait for a failover.
 */
export class ListeningSentinelConnector extends SentinelConnector {
  #emit: Emit = () => {};

  constructor(options: unknown) {
    super(options as SentinelConnectionOptions);
    const opening = this as unknown as Opening;
    const open = opening.connectToSentinel.bind(this);
    opening.connectToSentinel = (endpoint, own) => {
      const sentinel = open(endpoint, own);
      sentinel.on('error', (error) => {
        if (own === undefined && refusalOf(error) !== undefined) this.#emit('error', error);
      });
      return sentinel;
    };
  }

  override connect(emit: Emit): ReturnType<SentinelConnector['connect']> {
    this.#emit = emit;
    return super.connect(emit);
  }
}
