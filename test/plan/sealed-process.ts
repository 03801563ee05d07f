import { plan } from '../../src/plan/plan.ts';
import { install, playbookText } from '../kit/load.ts';
import { requestFor } from './kit.ts';
import { lyingCatalogue, target } from './liar.ts';
import { shippedRequest } from './shipped.ts';

// Run by sealed.test.ts in a process of its own: `shipped`, or the port that a lying connector goes for. Prints the plan.

const BODY = `
respond:
  - { id: fetched, do: liar.fetches, with: { host: h1 } }
  - { id: connected, do: liar.connects, with: { host: h1 } }
`;

const [, , what = 'shipped'] = process.argv;
// What a lie leaves behind must not end the process before it has printed.
process.on('unhandledRejection', () => {});
if (what !== 'shipped') target.port = Number(what);
const request =
  what === 'shipped' ? shippedRequest() : requestFor(install(playbookText(BODY), lyingCatalogue), lyingCatalogue);
process.stdout.write(JSON.stringify(await plan(request)));
