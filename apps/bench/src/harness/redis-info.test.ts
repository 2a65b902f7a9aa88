import { describe, expect, it } from 'vitest';
import { infoNumber, scriptCalls } from './redis-info.ts';

describe('the reply of INFO', () => {
  it('gives a number by its whole name', () => {
    const info = '# Memory\r\nused_memory_peak:5\r\nused_memory:1234\r\nused_memory_human:1K\r\n';
    expect(infoNumber(info, 'used_memory')).toBe(1234);
    expect(infoNumber(info, 'used')).toBeUndefined();
  });

  it('counts the scripts that were sent, whole or by hash', () => {
    const info = [
      '# Commandstats',
      'cmdstat_eval:calls=2,usec=5,usec_per_call=2.50,rejected_calls=0,failed_calls=0',
      'cmdstat_evalsha:calls=40,usec=5,usec_per_call=2.50,rejected_calls=0,failed_calls=0',
      'cmdstat_hget:calls=900,usec=5,usec_per_call=2.50,rejected_calls=0,failed_calls=0',
      '',
    ].join('\r\n');
    expect(scriptCalls(info)).toBe(42);
    expect(scriptCalls('# Commandstats\r\n')).toBe(0);
  });
});
