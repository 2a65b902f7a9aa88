import type { Html } from '../page/html.ts';
import { html } from '../page/html.ts';
import type { Minute } from './minutes.ts';

const WIDTH = 900;
const HEIGHT = 130;
const TOP = 16;
const BOTTOM = 18;
/** Space for the scale. */
const LEFT = 40;

/** Two bars for each minute: received, and handled or given up. */
export function chartOf(minutes: readonly Minute[]): Html {
  const highest = Math.max(1, ...minutes.flatMap((minute) => [minute.in, minute.out]));
  const step = (WIDTH - LEFT) / minutes.length;
  const bar = (place: number, count: number, kind: 'in' | 'out'): Html => {
    const height = ((HEIGHT - TOP - BOTTOM) * count) / highest;
    const x = LEFT + place * step + (kind === 'in' ? step * 0.1 : step * 0.5);
    const y = HEIGHT - BOTTOM - height;
    return html`<rect
      class="${kind}"
      x="${x.toFixed(1)}"
      y="${y.toFixed(1)}"
      width="${(step * 0.38).toFixed(1)}"
      height="${height.toFixed(1)}"
    />`;
  };
  const total = (kind: 'in' | 'out'): number => minutes.reduce((sum, minute) => sum + minute[kind], 0);
  const about = `${total('in')} events received and ${total('out')} come to an end in ${minutes.length} minutes`;
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${about}">
    <text x="4" y="${TOP + 4}">${highest.toLocaleString('en')}</text>
    <text x="4" y="${HEIGHT - BOTTOM}">0</text>
    ${minutes.flatMap((minute, place) => [bar(place, minute.in, 'in'), bar(place, minute.out, 'out')])}
    <text x="${LEFT}" y="${HEIGHT - 4}">${minutes.length} min ago</text>
    <text x="${WIDTH - 4}" y="${HEIGHT - 4}" text-anchor="end">now</text>
  </svg>`;
}
