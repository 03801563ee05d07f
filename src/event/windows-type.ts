import type { EventType } from './event.ts';
import { eventSchema } from './event.ts';
import { WINDOWS_EVENT } from './windows.ts';

/** A record of a Windows event log. Its fields are under `raw`, as Windows and Sysmon name them. */
export const windowsEventType: EventType = {
  name: WINDOWS_EVENT,
  description: 'A record of a Windows event log, Sysmon’s among them.',
  schema: eventSchema({}, ['logsource', 'raw']),
};
