import { HOSTS } from '../products.ts';
import type { Story } from '../stage.ts';

const [, HOST, LATENT] = HOSTS;
const SERVER = '203.0.113.66';

const UPDATER = {
  path: 'c:\\programdata\\updater.exe',
  md5: '5f2b7f0c6f1d4d0e9c1f8a6f6d1c2b3a',
  peers: [SERVER],
};

/** Carbon Black with SkyATP: what SkyATP knows of command and control is fed to Carbon Black, and finds a latent infection. */
export const huntC2: Story = {
  name: 'hunt-c2',
  title: "SkyATP and Carbon Black: known command-and-control servers become Carbon Black's feed, and it hits",
  async play(stage) {
    const { products, tell } = stage;
    const { carbonblack, skyatp } = products;
    carbonblack.addProcess({ sensor: LATENT.id, ...UPDATER });
    skyatp.entries('blacklist', 'ip').add(SERVER);
    tell('skyatp', `has ${SERVER} on its list of command-and-control servers`, 'bad');
    tell('carbon black', `has seen ${LATENT.name} speak to it, and does not know what that means`);
    tell('soc-lead', 'does not wait for the quarter of an hour, and starts publish-c2-feed by hand');
    const published = await stage.start('publish-c2-feed');
    await stage.ended(published, { status: 'done' });

    const before = new Set(alerts());
    carbonblack.addProcess({ sensor: HOST.id, ...UPDATER });
    const alert = await stage.until('the feed to hit', () => alerts().find(id => !before.has(id)));
    tell(
      'carbon black',
      `sees ${HOST.name} speak to ${SERVER}, knows it by its feed, and raises alert ${alert}`,
      'bad',
    );
    const hunt = await stage.follow('hunt-c2', alert);
    await stage.answer(hunt, {
      answer: 'approve',
      text: `approves the isolation of ${HOST.name}, and of ${LATENT.name}, which was infected before anybody knew`,
      together: 2,
    });
    const { incident } = await stage.ended(hunt, { status: 'done', verdict: 'infected' });
    await stage.told(hunt, '[infected]');
    tell('soc-lead', 'has had both re-installed, and closes the incident as a true positive');
    await stage.post('/incidents/close', { incident, result: 'true-positive' });
    await stage.takenBack(hunt);
    carbonblack.setStatus(alert, 'Resolved');
    tell('carbon black', `alert ${alert} is resolved`, 'good');
    await stage.alsoWoken('block-infected-host', alert);
    await stage.alsoWoken('trace-infected-host', alert);

    skyatp.entries('blacklist', 'ip').delete(SERVER);
    tell('soc-lead', 'takes the feeds back: this is only a lab');
    await stage.post(`/runs/${published.run}/undo`, { because: 'the story is told' });
    await stage.takenBack(published);

    function alerts(): readonly string[] {
      return Object.keys((carbonblack.state() as { readonly alerts: object }).alerts);
    }
  },
};
