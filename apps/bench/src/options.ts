import { Option } from 'commander';
import { wholeNumber } from './whole-number.ts';

/** Makes the option that says when Redis has on disk what it confirms. */
export function fsyncOption(): Option {
  return new Option('--fsync <when>', 'when Redis has on disk what it confirms: before, or within a second')
    .choices(['always', 'everysec'])
    .default('always');
}

/** Makes the option that says how many rounds there are. */
export function roundsOption(usual: number, least = 1): Option {
  return new Option('--rounds <n>', 'how many rounds, of which the median counts')
    .argParser(wholeNumber(least, 100))
    .default(usual);
}

/** Makes the option that names a file for the figures. */
export function jsonOption(): Option {
  return new Option('--json <file>', 'write the figures there too');
}
