import type { Json } from '../../base/json.ts';
import { equalJson } from '../../base/json.ts';
import { formatProblem, validate } from '../../base/schema.ts';
import type { CheckContext } from '../context.ts';
import type { Finding } from '../finding.ts';
import type { Param } from '../playbook.ts';
import { paramUses } from '../param-uses.ts';
import { paramType as schemaOf } from '../root-types.ts';
import type { Check } from './check.ts';

export const paramType: Check = {
  code: 'param-type',
  *run(context) {
    const { playbook, params = {}, root } = context;
    for (const [section, declared] of [
      ['params', playbook.params],
      ['inputs', playbook.inputs],
    ] as const) {
      for (const param of declared) {
        const node = root.get(section)?.get(param.id);
        const fallback = node?.get('default');
        if (param.default !== undefined && fallback !== undefined) {
          const wrong = misfit(param, param.default);
          if (wrong !== undefined)
            yield { message: `the default of ${section}.${param.id} ${wrong}`, span: fallback.span };
        }
        const set = section === 'params' && Object.hasOwn(params, param.id) ? params[param.id] : undefined;
        const wrong = set === undefined ? undefined : misfit(param, set);
        if (wrong !== undefined)
          yield { message: `params.${param.id} is set in backline.yaml, where it ${wrong}`, span: param.span };
      }
    }
    yield* wrongUses(context);
  },
};

function misfit(param: Param, value: Json): string | undefined {
  const { enum: _, ...schema } = schemaOf(param);
  const [problem] = validate(schema, value);
  if (problem !== undefined) return formatProblem(problem);
  if (param.enum === undefined || param.enum.some(choice => equalJson(choice, value))) return undefined;
  return `must be one of ${param.enum.map(choice => JSON.stringify(choice)).join(', ')}`;
}

const WANTED = { integer: 'a whole number', duration: 'a duration', string: 'a text' } as const;

/** Durations, counts and cron texts that are a parameter. */
function* wrongUses(context: CheckContext): Generator<Finding> {
  for (const { id, wanted, span } of paramUses(context)) {
    const param = context.playbook.params.find(candidate => candidate.id === id);
    if (param === undefined || param.type === wanted) continue;
    yield {
      message: `params.${id} is ${param.type}, but this must be ${WANTED[wanted]}`,
      span,
    };
  }
}
