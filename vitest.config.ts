import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    // Two workers suit the smallest machine it is run on; whole daemons and crash sweeps take a while there.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The report is what .ci/run counts.
    reporters: process.env['CI'] === undefined ? ['default'] : ['default', 'json'],
    outputFile: { json: '.vitest/report.json' },
  },
});
