/**
 * Milliseconds of processor time that something took. A test that something does not hang asks for this: what else the
 * machine does meanwhile does not count.
 */
export function cpuTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
