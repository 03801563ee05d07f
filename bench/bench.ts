import { measureScenario } from './scenario.ts';

await measureScenario();
