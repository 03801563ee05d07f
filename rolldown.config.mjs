import { copyFileSync } from 'node:fs';
import { defineConfig } from 'rolldown';

/**
 * `dist/cli`: a few files instead of hundreds, so that a command starts at once. What only the daemon needs is in chunks
 * of its own.
 */
export default defineConfig({
  input: { main: 'src/cli/main.ts' },
  platform: 'node',
  // It looks for native code beside itself, and does without.
  external: ['ssh2'],
  output: {
    dir: 'dist/cli',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    minify: true,
    cleanDir: true,
  },
  plugins: [{ name: 'bin', writeBundle: () => copyFileSync('src/cli/backline.js', 'dist/cli/backline.js') }],
});
