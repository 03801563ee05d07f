import { Option } from 'commander';

/** The first is what is printed if nothing is asked for. */
export function format(first: string, ...others: readonly string[]): Option {
  return new Option('-f, --format <format>', 'how to print').choices([first, ...others]).default(first);
}

/** For options that may be repeated. */
export function collect(value: string, former: readonly string[] | undefined): readonly string[] {
  return [...(former ?? []), value];
}
