import { afterEach, expect, it, vi } from 'vitest';
import { refuseOldNode } from './refuse-old-node.ts';

afterEach(() => void vi.restoreAllMocks());

/** What it printed, and the exit code, if it ended the process. */
function look(version: string): { printed: string; code: number | undefined } {
  let printed = '';
  let code: number | undefined;
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed += text as string;
    return true;
  });
  vi.spyOn(process, 'exit').mockImplementation((given) => {
    code = given as number;
    return undefined as never;
  });
  refuseOldNode(version);
  return { printed, code };
}

it.each(['22.22.0', '22.23.3', '24.0.0', '26.10.0'])('Node %s is new enough', (version) => {
  expect(look(version)).toEqual({ printed: '', code: undefined });
});

it.each(['18.20.0', '20.20.2', '22.21.9'])('Node %s is refused', (version) => {
  expect(look(version)).toEqual({
    printed: `xw: Node 22.22 or newer is needed, and this is ${version}: install a newer one [XW_NODE] see docs/errors.md#xw_node\n`,
    code: 1,
  });
});
