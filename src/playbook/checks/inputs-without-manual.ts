import type { Check } from './check.ts';

export const inputsWithoutManual: Check = {
  code: 'inputs-without-manual',
  *run({ playbook, root }) {
    const outputs = root.get('outputs');
    if (outputs !== undefined && !playbook.triggers.some(({ kind }) => kind === 'call')) {
      yield {
        message: 'outputs are given back to a caller, and nobody can call this playbook',
        span: outputs.keySpan,
        hint: 'add  { call: true }  to its triggers',
      };
    }
    const inputs = root.get('inputs');
    if (inputs === undefined || playbook.inputs.length === 0) return;
    const event = playbook.triggers.find(({ kind }) => kind !== 'manual' && kind !== 'call');
    if (event !== undefined) {
      yield {
        message: 'a playbook with inputs is started by hand or called: an event brings no inputs',
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
