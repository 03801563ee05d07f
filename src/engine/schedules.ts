import type { Instant } from '../base/clock.ts';
import { formatInstant } from '../base/clock.ts';
import type { Calendar } from '../base/cron.ts';
import { parseCron } from '../base/cron.ts';
import type { JsonObject } from '../base/json.ts';
import { own } from '../base/json.ts';
import { SCHEDULE_EVENT } from '../action/own.ts';
import type { Match } from '../match/types.ts';
import type { ScheduleTrigger, TextValue } from '../playbook/playbook.ts';
import type { Installed } from './playbooks.ts';

/** A schedule of a playbook, as its environment sets it. */
export interface Scheduled {
  readonly playbook: string;
  readonly cron: string;
  readonly timezone: string;
  readonly missed: ScheduleTrigger['missed'];
  readonly calendar: Calendar;
}

/** Each schedule once, however often it is written. */
export function schedulesOf(installed: Installed): Scheduled[] {
  const { playbook } = installed.compiled;
  const found = new Map<string, Scheduled>();
  for (const trigger of playbook.triggers) {
    if (trigger.kind !== 'schedule') continue;
    const { missed, timezone } = trigger;
    const cron = cronOf(trigger.cron, installed.params);
    const parsed = parseCron(cron, timezone.name);
    if ('problem' in parsed) throw new Error(`the schedule of ${playbook.name} ${parsed.problem}; it was not checked`);
    const scheduled = { playbook: playbook.name, cron, timezone: timezone.name, missed, calendar: parsed.calendar };
    found.set(keyOf(scheduled), scheduled);
  }
  return [...found.values()];
}

/** Names a schedule by what it says: another time or zone is another schedule, which begins anew. */
export function keyOf({ playbook, cron, timezone }: Pick<Scheduled, 'playbook' | 'cron' | 'timezone'>): string {
  return JSON.stringify([playbook, cron, timezone]);
}

/** The event of a time that is due. Its id is the same however often the time is come to. */
export function scheduleEvent(scheduled: Scheduled, due: Instant, last: Instant | undefined): JsonObject {
  const { playbook, cron, timezone } = scheduled;
  const time = formatInstant(due);
  return {
    id: `${keyOf(scheduled)}@${time}`,
    type: SCHEDULE_EVENT,
    time,
    schedule: { due: time, ...(last === undefined ? {} : { last: formatInstant(last) }), playbook, cron, timezone },
  };
}

/** The next time that any schedule of a playbook is due, not before `from`, as the event that it will raise if all goes well. */
export function nextScheduled(
  installed: Installed,
  from: Instant,
): { readonly due: Instant; readonly event: JsonObject } | undefined {
  const times = schedulesOf(installed).flatMap(scheduled => {
    const due = scheduled.calendar.next(from - 1);
    return due === undefined ? [] : [{ due, event: scheduleEvent(scheduled, due, scheduled.calendar.latest(due - 1)) }];
  });
  return times.toSorted((a, b) => a.due - b.due)[0];
}

/** Whether an event was raised by a schedule. */
export function isOf({ playbook, cron, timezone }: Scheduled, event: JsonObject | undefined): boolean {
  const schedule = own(event, 'schedule');
  return (
    own(event, 'type') === SCHEDULE_EVENT &&
    own(schedule, 'playbook') === playbook &&
    own(schedule, 'cron') === cron &&
    own(schedule, 'timezone') === timezone
  );
}

/** What the event of a schedule trigger must say. The asterisks of a cron text are no wildcards. */
export function scheduleMatch(playbook: string, trigger: ScheduleTrigger, params: JsonObject): Match {
  const { span } = trigger;
  const wanted = { playbook, cron: cronOf(trigger.cron, params), timezone: trigger.timezone.name };
  const fields = Object.entries(wanted).map(([name, value]) => ({
    field: `schedule.${name}`,
    modifiers: [],
    values: [value],
    literal: [true],
    span,
  }));
  return { any: [fields], span };
}

function cronOf(value: TextValue, params: JsonObject): string {
  if ('value' in value) return value.value;
  const found = params[value.param];
  if (typeof found !== 'string')
    throw new Error(`params.${value.param} is not a text; the configuration was not checked`);
  return found;
}
