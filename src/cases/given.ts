import { didYouMean } from '../base/did-you-mean.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { equalJson } from '../base/json.ts';
import { formatProblem, validate } from '../base/schema.ts';
import type { Param } from '../playbook/playbook.ts';
import { paramType } from '../playbook/root-types.ts';

/** What a case gives of the params or inputs that a playbook declares, and a line for each that is none or does not fit. */
export function givenFor(
  section: 'params' | 'inputs',
  declared: readonly Param[],
  given: JsonObject,
): { readonly values: JsonObject; readonly failures: readonly string[] } {
  const found = Object.entries(given).map(([id, value]) => ({
    id,
    value,
    problem: problemOf(section, declared, id, value),
  }));
  return {
    values: Object.fromEntries(found.flatMap(({ id, value, problem }) => (problem === undefined ? [[id, value]] : []))),
    failures: found.flatMap(({ id, problem }) => (problem === undefined ? [] : [`${section}.${id}: ${problem}`])),
  };
}

/** As everybody who starts the playbook gets them. */
export function defaultsOf(declared: readonly Param[]): JsonObject {
  return Object.fromEntries(
    declared.flatMap(({ id, default: value }) => (value === undefined ? [] : [[id, value] as const])),
  );
}

function problemOf(
  section: 'params' | 'inputs',
  declared: readonly Param[],
  id: string,
  value: Json,
): string | undefined {
  const param = declared.find(candidate => candidate.id === id);
  if (param !== undefined) return misfit(param, value);
  const ids = declared.map(candidate => candidate.id);
  return `the playbook has no such ${NOUNS[section]}${didYouMean(id, ids)}`;
}

const NOUNS = { params: 'param', inputs: 'input' } as const;

function misfit(param: Param, value: Json): string | undefined {
  const { enum: _, ...schema } = paramType(param);
  const [problem] = validate(schema, value);
  if (problem !== undefined) return formatProblem(problem);
  if (param.enum === undefined || param.enum.some(choice => equalJson(choice, value))) return undefined;
  return `must be one of ${param.enum.map(choice => JSON.stringify(choice)).join(', ')}`;
}
