/** A table: the first row is its head, and each row has as many cells. */
export type Table = readonly (readonly string[])[];

/** Cells that hold a figure stand at the right of their column. */
const FIGURE = /^[≤≥-]?\s?[\d.,]+(–[\d.,]+)?$/;

/** Writes a table in columns, in the form that Markdown has for tables. */
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
