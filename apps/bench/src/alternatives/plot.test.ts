import { describe, expect, it } from 'vitest';
import { plot } from './plot.ts';

describe('a plot', () => {
  it('has a bar for each contestant, as long as its value is of the greatest', () => {
    const drawn = plot([
      {
        title: 'received & <stored>',
        bars: [
          { name: 'one', value: 50 },
          { name: 'two', value: 100 },
        ],
      },
    ]);
    const lengths = [...drawn.matchAll(/<rect x="[^"]+" y="[^"]+" width="([^"]+)"/g)].map(([, width]) => Number(width));
    expect(lengths).toEqual([115, 230]);
    expect(drawn).toContain('received &amp; &lt;stored&gt;');
  });
});
