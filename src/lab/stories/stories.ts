import type { Story } from '../stage.ts';
import { blockInfectedHost } from './block-infected-host.ts';
import { detonateAndContain } from './detonate-and-contain.ts';
import { huntC2 } from './hunt-c2.ts';
import { traceInfectedHost } from './trace-infected-host.ts';

/** The conversations, in the order in which they are told. Each is that of a playbook. */
export const STORIES: readonly Story[] = [traceInfectedHost, detonateAndContain, blockInfectedHost, huntC2];
