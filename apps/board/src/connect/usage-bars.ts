import type { Html } from '../page/html.ts';
import { html } from '../page/html.ts';

const WIDTH = 120;
const HEIGHT = 28;

/**
 * The calls of each day as bars, the oldest first.
 *
 * @param calls of the days up to today
 */
export function usageBars(calls: readonly number[]): Html | undefined {
  const highest = Math.max(...calls);
  if (highest <= 0) return undefined;
  const step = WIDTH / calls.length;
  const label = `calls to Xero on the last ${calls.length} days: ${calls.join(', ')}`;
  return html`<svg class="bars" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
    <title>${label}</title>
    ${calls.map((count, day) => {
      const height = Math.max(count > 0 ? 2 : 0, (HEIGHT * count) / highest);
      return html`<rect
        x="${(day * step + 1).toFixed(1)}"
        y="${(HEIGHT - height).toFixed(1)}"
        width="${(step - 2).toFixed(1)}"
        height="${height.toFixed(1)}"
      />`;
    })}
  </svg>`;
}
