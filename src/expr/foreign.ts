/**
 * What names of other tools are called here: GitHub Actions, Tracecat, Ansible, n8n, and languages that people know
 * (LANGUAGE, appendix B).
 */
const OUTPUTS = 'what a step answered is steps.<id>, what was looked up is enrich.<id>, what woke the run is event';

const ROOTS: { readonly [name: string]: string } = {
  item: 'the item of a loop is called what its `as:` says',
  secrets: 'secrets belong to connections, in backline.yaml; no playbook sees them',
  env: 'what an environment sets is params.<id>',
  matrix: 'a loop is a step: `for_each: list` with `as`, `max` and `steps`',
  github: OUTPUTS,
  jobs: OUTPUTS,
  needs: OUTPUTS,
  ACTIONS: OUTPUTS,
  TRIGGER: OUTPUTS,
  FN: 'functions have no prefix here',
  SECRETS: 'secrets belong to connections, in backline.yaml; no playbook sees them',
  VARS: 'what an environment sets is params.<id>, what is computed is vars.<id>',
  hostvars: OUTPUTS,
  json: OUTPUTS,
  $json: OUTPUTS,
  $node: OUTPUTS,
  alert: 'what woke the run is event',
  input: 'what a caller gave is inputs.<id>',
  output: OUTPUTS,
  parameters: 'what an environment sets is params.<id>',
  variables: 'what is computed is vars.<id>',
  incident: 'the key of the incident is run.incident',
  playbook: 'the name of the playbook is run.playbook',
};

const FUNCTIONS: { readonly [name: string]: string } = {
  always: 'what is done in any case stands under `finally:`',
  success: 'a step is only come to after success; ask for an outcome with outcome.<id>.status == "done"',
  failure: 'what follows a failure is `on_error:` of the step; elsewhere ask outcome.<id>.status == "failed"',
  cancelled: 'what is done after a cancel stands under `finally:`, where run.status says so',
  len: 'it is size(x)',
  length: 'it is size(x)',
  count: 'it is size(x)',
  toLowerCase: 'it is lower(x)',
  lowercase: 'it is lower(x)',
  lowerAscii: 'it is lower(x)',
  upper: 'there is lower(x): compare in lower case',
  toUpperCase: 'there is lower(x): compare in lower case',
  includes: 'it is x.contains("…"), or "…" in x for a list',
  startswith: 'it is x.startsWith("…")',
  endswith: 'it is x.endsWith("…")',
  match: 'it is x.matches("…"), an RE2 pattern',
  test: 'it is x.matches("…"), an RE2 pattern',
  regex: 'it is x.matches("…"), an RE2 pattern',
  default: 'it is fallback(x, y)',
  coalesce: 'it is fallback(x, y)',
  exists: 'a field is asked for with has(x), a list with xs.exists(x, …)',
  defined: 'a field is asked for with has(x)',
  isNull: 'a field is asked for with has(x)',
  now: 'the time is `now`, without parentheses',
  any: 'it is xs.exists(x, …)',
  some: 'it is xs.exists(x, …)',
  every: 'it is xs.all(x, …)',
  cidr: 'it is in_cidr(ip, "10.0.0.0/8")',
  cidrMatch: 'it is in_cidr(ip, "10.0.0.0/8")',
  unique: 'it is distinct(xs)',
};

/** What a name from elsewhere is here. */
export function foreignRoot(name: string): string | undefined {
  return Object.hasOwn(ROOTS, name) ? ROOTS[name] : undefined;
}

/** What a function from elsewhere is here. */
export function foreignFunction(name: string): string | undefined {
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
}
