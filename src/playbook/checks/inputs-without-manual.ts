import { eventTypesOf } from '../playbook.ts';
import type { Check } from './check.ts';

export const inputsWithoutManual: Check = {
  code: 'inputs-without-manual',
  *run({ playbook, root }) {
    const inputs = root.get('inputs');
    if (inputs === undefined || playbook.inputs.length === 0) return;
    const event = playbook.triggers.find(trigger => eventTypesOf(trigger).length > 0);
    if (event !== undefined) {
      yield {
        message: 'a playbook with inputs is started by hand: an event brings no inputs',
        span: event.span,
        hint: 'two triggers with different duties are two playbooks; constants are `params`',
      };
    } else if (playbook.triggers.length === 0 && !root.has('trigger')) {
      yield {
        message: 'inputs need a trigger that brings them',
        span: inputs.keySpan,
        hint: 'add  trigger: [ { manual: true } ]',
      };
    }
  },
};
