/** The first row is the head. All rows have the same number of cells. */
export type Table = readonly (readonly string[])[];

/** Columns with nothing but figures are aligned right. */
const FIGURE = /^[≤≥-]?\s?[\d.,]+(–[\d.,]+)?$/;

/** Formats a Markdown table with aligned columns. */
export function formatTable(table: Table): string {
  const [head, ...rows] = table;
  if (!head) return '';
  const widths = head.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  const rights = head.map((_, column) => {
    const cells = rows.map((row) => row[column] ?? '').filter((cell) => cell !== '');
    return cells.length > 0 && cells.every((cell) => FIGURE.test(cell));
  });
  const line = (row: readonly string[]): string => {
    const cells = widths.map((width, column) => {
      const cell = row[column] ?? '';
      return rights[column] ? cell.padStart(width) : cell.padEnd(width);
    });
    return `| ${cells.join(' | ')} |`;
  };
  const rule = widths.map((width, column) => (rights[column] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
