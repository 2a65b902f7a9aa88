import { formatNumber } from '../harness/figure.ts';

/** Bars beside each other, one for each contestant. */
export type Panel = {
  readonly title: string;
  readonly bars: readonly { readonly name: string; readonly value: number }[];
};

const PANEL = { width: 300, gap: 24, title: 34 };
const BAR = { height: 18, step: 44, label: 13 };
const MARGIN = 16;

/** Draws panels as an SVG, whose first bar of each is the one that is compared. */
export function plot(panels: readonly Panel[]): string {
  const rows = Math.max(...panels.map(({ bars }) => bars.length));
  const width = 2 * MARGIN + panels.length * PANEL.width + (panels.length - 1) * PANEL.gap;
  const height = 2 * MARGIN + PANEL.title + rows * BAR.step;
  const drawn = panels.map((panel, at) => drawPanel(panel, MARGIN + at * (PANEL.width + PANEL.gap)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="13" role="img">
  <title>${escaped(panels.map(({ title }) => title).join('; '))}</title>
  <rect width="${width}" height="${height}" fill="#ffffff"/>
${drawn.join('\n')}
</svg>
`;
}

function drawPanel({ title, bars }: Panel, left: number): string {
  const most = Math.max(...bars.map(({ value }) => value));
  const lines = bars.map(({ name, value }, row) => {
    const top = MARGIN + PANEL.title + row * BAR.step;
    // Room for the figure beside the longest bar.
    const length = Math.max(2, ((PANEL.width - 70) * value) / most);
    return [
      `  <text x="${left}" y="${top + BAR.label - 2}" fill="#444444">${escaped(name)}</text>`,
      `  <rect x="${left}" y="${top + BAR.label + 3}" width="${length.toFixed(1)}" height="${BAR.height}" fill="${row === 0 ? '#0b6b8a' : '#9aa5ad'}"/>`,
      `  <text x="${(left + length + 6).toFixed(1)}" y="${top + BAR.label + 17}" fill="#111111">${formatNumber(value)}</text>`,
    ].join('\n');
  });
  return [
    `  <text x="${left}" y="${MARGIN + 12}" font-weight="600" fill="#111111">${escaped(title)}</text>`,
    ...lines,
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
