import cli from '../package.json' with { type: 'json' };

/** The oldest Node that every dependency supports. */
const [OLDEST_MAJOR, OLDEST_MINOR] = versionOf(cli.engines.node);

/** Ends the process where its Node is too old to run the program: npm only warns of that. */
export function refuseOldNode(version: string): void {
  const [major, minor] = versionOf(version);
  if (major > OLDEST_MAJOR || (major === OLDEST_MAJOR && minor >= OLDEST_MINOR)) return;
  process.stderr.write(
    `xw: Node ${OLDEST_MAJOR}.${OLDEST_MINOR} or newer is needed, and this is ${version}: install a newer one [XW_NODE] see docs/errors.md#xw_node\n`,
  );
  process.exit(1);
}

function versionOf(text: string): [major: number, minor: number] {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(text)!;
  return [Number(major), Number(minor)];
}
