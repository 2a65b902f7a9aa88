/** The oldest Node that every dependency supports, as package.json says, too. */
const OLDEST = { major: 22, minor: 22 };

/** Ends the process where its Node is too old to run the program: npm only warns of that. */
export function refuseOldNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return;
  process.stderr.write(
    `xw: Node ${OLDEST.major}.${OLDEST.minor} or newer is needed, and this is ${version}: install a newer one [XW_NODE] see docs/errors.md#xw_node\n`,
  );
  process.exit(1);
}
