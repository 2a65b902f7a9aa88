import type { Redis, RedisOptions, SentinelConnectionOptions } from 'ioredis';
import { SentinelConnector } from 'ioredis';
import { refusalOf } from './refusal.ts';

type Emit = Parameters<SentinelConnector['connect']>[0];

/** How ioredis opens its connections to Sentinels: with options of their own those that wait for a failover. */
type Opening = { connectToSentinel(endpoint: unknown, options?: object): Redis };

/** A Sentinel that does not watch over a master of this name answers null. */
const UNKNOWN_MASTER = /got an invalid reply: null/;

/**
 * ioredis's way to a master by asking Sentinels, with an ear for what goes wrong on the connections to them: ioredis
 * itself hears nothing of what TLS finds wrong, and prints the errors of those that wait for a failover.
 *
 * @param note told of errors on the connections that wait for a failover, which go to every Sentinel once one has answered
 */
export function sentinelConnector(note: (error: unknown) => void): NonNullable<RedisOptions['Connector']> {
  return class extends SentinelConnector {
    #emit: Emit = () => {};
    #lastFault: unknown;

    constructor(options: unknown) {
      super(options as SentinelConnectionOptions);
      const opening = this as unknown as Opening;
      const open = opening.connectToSentinel.bind(this);
      opening.connectToSentinel = (endpoint, own) => {
        const sentinel = open(endpoint, own);
        sentinel.on('error', (error) => {
          this.#lastFault = error;
          // Any other may answer in its place: that none does is emitted, with the last fault.
          if (own !== undefined) note(error);
          else if (refusalOf(error) !== undefined) this.#emit('error', error);
        });
        return sentinel;
      };
    }

    override connect(emit: Emit): ReturnType<SentinelConnector['connect']> {
      this.#lastFault = undefined;
      this.#emit = (type, error) => {
        if (type === 'sentinelError' && UNKNOWN_MASTER.test(error.message)) this.#lastFault = error;
        // ioredis does not say why none of them helped.
        const wrapped = type === 'error' && this.#lastFault !== undefined && this.#lastFault !== error;
        emit(type, wrapped ? Object.assign(error, { lastNodeError: this.#lastFault }) : error);
      };
      return super.connect(this.#emit);
    }
  };
}
