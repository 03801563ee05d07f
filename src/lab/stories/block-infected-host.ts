import { FILE, HOST } from '../products.ts';
import type { Story } from '../stage.ts';

/** Carbon Black with SkyATP and the SRX: an infected host is listed, its traffic dropped, and it is let back. */
export const blockInfectedHost: Story = {
  name: 'block-infected-host',
  title: 'Carbon Black, SkyATP and the SRX: an infected host is cut off, and let back when its alert is resolved',
  async play(stage) {
    const { products, tell } = stage;
    const { carbonblack, srx } = products;
    const alert = carbonblack.raiseAlert({
      sensor: HOST.id,
      id: crypto.randomUUID(),
      score: 75,
      created: stage.clock.now(),
      watchlist: 'Suspicious downloads',
      path: FILE.path,
      process: FILE.name,
      md5: FILE.md5,
      sha256: FILE.sha256,
      username: 'FIN\\mharris',
    });
    tell('carbon black', `raises alert ${alert} on ${HOST.name} (${HOST.address}): ${FILE.name}`, 'bad');
    const run = await stage.follow('block-infected-host', alert);
    await stage.ended(run, { status: 'done', verdict: 'malicious' });
    await stage.until('the firewall to drop the traffic', () => !srx.passes(HOST.address) || undefined);
    carbonblack.setStatus(alert, 'Resolved');
    tell('carbon black', `alert ${alert} is resolved`, 'good');
    await stage.takenBack(run);
    await stage.until('the firewall to let the host back', () => srx.passes(HOST.address) || undefined);
    await stage.alsoWoken('trace-infected-host', alert);
  },
};
