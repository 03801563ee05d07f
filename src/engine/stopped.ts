/** The daemon stops, or a run is taken up anew from the disk: what was under way goes on there, and has cost no attempt (E7). */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}
