import { measureScenario } from './scenario.ts';
import { measureStart } from './start.ts';

await measureScenario();
measureStart();
