import { describe, expect, it } from 'vitest';
import { usageTable } from './table.ts';

const day = new Date('2026-11-23T10:00:00Z');

describe('the table of what was used', () => {
  it('has a line for each organisation', () => {
    const uses = [
      { tenantId: 'aaaa', calls: 1_234, bytes: 5_600_000, left: 3_766 },
      { tenantId: 'bb', calls: 2, bytes: 1_500, left: undefined },
      { tenantId: 'c', calls: 1, bytes: 12, left: 0 },
    ];
    expect(usageTable(uses, day)).toEqual([
      'read from Xero on 2026-11-23 (UTC)',
      '',
      'organisation  calls  answered  left of the day',
      'aaaa           1234    5.6 MB             3766',
      'bb                2    1.5 kB',
      'c                 1      12 B                0',
    ]);
  });

  it('says where there is nothing', () => {
    expect(usageTable([], day)).toEqual(['nothing was read from Xero on 2026-11-23 (UTC)']);
  });
});
