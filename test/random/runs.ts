import fc from 'fast-check';

/* How many runs, and which: README.md. */

/** As long as it may be: by default most would be of ten numbers. */
export function tape(maxLength: number): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(), { maxLength, size: 'max' });
}

/** `BACKLINE_RUNS` runs instead of the usual; `BACKLINE_SEED` and `BACKLINE_PATH` repeat what a failure has printed. */
export function runsOf(usual: number): fc.Parameters<unknown> {
  const { BACKLINE_RUNS: runs, BACKLINE_SEED: seed, BACKLINE_PATH: path } = process.env;
  return {
    numRuns: runs === undefined ? usual : Number(runs),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
  };
}

/** Once it has failed it is made shorter for so long, and no longer. */
export function shortened<Of extends readonly unknown[]>(
  holds: (...of: Of) => void | Promise<void>,
  milliseconds = 60_000,
): (...of: Of) => Promise<void> {
  let until = Infinity;
  return async (...of) => {
    if (Date.now() > until) return;
    try {
      await holds(...of);
    } catch (fault) {
      until = Math.min(until, Date.now() + milliseconds);
      throw fault;
    }
  };
}
