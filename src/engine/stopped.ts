/** The daemon stops: what was under way goes on at the next start, and has cost no attempt (E7). */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}
