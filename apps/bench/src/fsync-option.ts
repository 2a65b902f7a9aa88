import { Option } from 'commander';

/** Makes the option that says when Redis has on disk what it confirms. */
export function fsyncOption(): Option {
  return new Option('--fsync <when>', 'when Redis has on disk what it confirms: before, or within a second')
    .choices(['always', 'everysec'])
    .default('always');
}
