import { InvalidArgumentError, Option } from 'commander';

export function fsyncOption(): Option {
  return new Option('--fsync <when>', "Redis's appendfsync: write to disk before it confirms, or within a second")
    .choices(['always', 'everysec'])
    .default('always');
}

export function roundsOption(usual: number, min = 1): Option {
  return new Option('--rounds <n>', 'number of rounds; the figures are their medians')
    .argParser(wholeNumber(min, 100))
    .default(usual);
}

export function jsonOption(): Option {
  return new Option('--json <file>', 'also write the figures to this file');
}

/** Parses an option that must be a whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}
