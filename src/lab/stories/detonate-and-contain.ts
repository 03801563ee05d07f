import { createHash, randomBytes } from 'node:crypto';
import { HOSTS } from '../products.ts';
import type { Story } from '../stage.ts';

const [FIRST, SECOND, LATE] = HOSTS;
const PATH = 'c:\\users\\mharris\\downloads\\dropper.exe';
const KIB = 1_024;

/** Carbon Black with JATP: a collected file is analysed, banned everywhere, and the hosts that ran it are isolated. */
export const detonateAndContain: Story = {
  name: 'detonate-and-contain',
  title: 'Carbon Black and JATP: a collected file turns out to be malware; it is banned, and its hosts are isolated',
  async play(stage) {
    const { products, clock, tell } = stage;
    const { carbonblack, jatp } = products;
    // A new one each time, which nobody has analysed.
    const bytes = Buffer.concat([Buffer.from('MZ'), randomBytes(48 * KIB)]);
    const md5 = carbonblack.collect(bytes);
    jatp.expect(createHash('sha1').update(bytes).digest('hex'), { severity: 0.75, name: 'TROJAN_Zemot.CY' });
    carbonblack.addBinary({ md5, host_count: 2, observed_filename: [PATH], orig_mod_len: bytes.length });
    for (const { id } of [FIRST, SECOND]) carbonblack.addProcess({ sensor: id, path: PATH, md5 });
    const alert = carbonblack.raiseAlert({
      sensor: FIRST.id,
      id: crypto.randomUUID(),
      binary: true,
      // Enough to have the file analysed, and less than what has the host traced or blocked.
      score: 40,
      created: clock.now(),
      watchlist: 'Newly seen unsigned binaries',
      path: PATH,
      md5,
    });
    tell('carbon black', `has collected ${PATH} on ${FIRST.name}, and raises alert ${alert}`, 'bad');
    const run = await stage.follow('detonate-and-contain', alert);
    await stage.answer(run, {
      answer: 'approve',
      text: `approves the isolation of ${FIRST.name} and ${SECOND.name}`,
      together: 2,
    });
    await stage.until('both hosts to be isolated', () => (isIsolated(FIRST) && isIsolated(SECOND)) || undefined);
    carbonblack.addProcess({ sensor: LATE.id, path: PATH, md5 });
    tell('carbon black', `shows that ${LATE.name} has run it too: its search was late`);
    await stage.answer(run, { answer: 'approve', text: `approves the isolation of ${LATE.name}` });
    const { incident } = await stage.ended(run, { status: 'done', verdict: 'malicious' });
    await stage.told(run, '[malicious]');
    tell('soc-lead', 'has had the hosts re-installed, and closes the incident as a true positive');
    await stage.post('/incidents/close', { incident, result: 'true-positive' });
    await stage.until('the hosts to be let back', () => !HOSTS.some(isIsolated) || undefined);
    tell('soc-lead', 'takes the ban back as well: this is only a lab');
    await stage.post(`/runs/${run.run}/undo`, { because: 'the story is told' });
    await stage.takenBack(run);
    carbonblack.setStatus(alert, 'Resolved');

    function isIsolated({ id }: { readonly id: number }): boolean {
      const { isolation } = carbonblack.state() as { readonly isolation: { readonly [sensor: string]: string } };
      return isolation[id] === 'isolated';
    }
  },
};
