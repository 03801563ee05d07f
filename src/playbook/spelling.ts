/**
 * What keys of other tools are called here (GitHub Actions, Tracecat, CACAO, Ansible, Serverless Workflow). The first
 * word of each answer is the key, so that it is only given where that key is allowed.
 */
const FOREIGN: { readonly [key: string]: readonly string[] } = {
  on: ['trigger', 'event'],
  triggers: ['trigger'],
  when: ['if'],
  run_if: ['if'],
  condition: ['if'],
  conditions: ['if'],
  unless: ['if'],
  'if-condition': ['choose'],
  'switch-condition': ['choose'],
  switch: ['choose'],
  needs: ['after'],
  depends_on: ['after'],
  dependsOn: ['after'],
  name: ['playbook', 'id'],
  version: ['language'],
  steps: ['respond'],
  jobs: ['respond'],
  actions: ['respond'],
  always: ['finally'],
  workflow: ['playbook'],
  uses: ['do'],
  run: ['do'],
  action: ['do'],
  task: ['do'],
  args: ['with'],
  arguments: ['with'],
  input: ['with', 'inputs'],
  inputs: ['with'],
  output: ['outputs'],
  variables: ['vars'],
  env: ['params', 'vars'],
  'continue-on-error': ['on_error'],
  continue_on_error: ['on_error'],
  ignore_errors: ['on_error'],
  on_failure: ['on_error'],
  'timeout-minutes': ['timeout'],
  loop: ['for_each'],
  foreach: ['for_each'],
  forEach: ['for_each'],
  while: ['poll', 'for_each'],
  repeat: ['poll', 'for_each'],
  retries: ['retry'],
  sleep: ['wait'],
  delay: ['wait'],
  approval: ['approve'],
  approvers: ['who'],
  assignee: ['who'],
  duration: ['hold', 'for'],
  ttl: ['hold'],
  else: ['otherwise'],
  concurrency: ['lock'],
  'playbook-action': ['call'],
  rollback: ['undo'],
  compensate: ['undo'],
  retry_policy: ['retry'],
  max_attempts: ['times'],
  attempts: ['times'],
  backoff: ['every'],
  interval: ['every'],
  nodes: ['respond'],
  tasks: ['respond'],
  states: ['respond'],
  rules: ['verdict'],
  title: ['description'],
  author: ['owner'],
  tags: ['attack', 'labels'],
  trigger_type: ['event'],
  cron: ['schedule'],
};

const MEANING: { readonly [key: string]: string } = {
  trigger: 'what wakes a playbook is `trigger: [ { event: … } ]` here',
  event: 'what wakes a playbook is `event: type` here',
  if: 'a condition is `if:` here, everywhere',
  choose: 'alternatives are `choose: [ { if: …, then: [ … ] }, { else: [ … ] } ]` here',
  after: 'order between enrichments is `after: [ids]` here; steps of a list run in order',
  playbook: 'its name is `playbook:` here',
  id: 'a step is named with `id:` here',
  language: '`language: v1` names the language; a playbook has no version key, its version is its content',
  respond: 'what is done is `respond:` here',
  finally: 'what is always done stands under `finally:` here',
  do: 'an action is `do: vendor.action` here',
  with: 'the inputs of an action are `with:` here',
  inputs: 'what a caller gives is `inputs:` here',
  outputs: 'what a caller gets is `outputs:` here',
  vars: 'named expressions are `vars:` here',
  params: 'constants that an environment may set are `params:` here',
  on_error: 'write `on_error: continue`, or steps under `on_error:`',
  timeout: 'write `timeout: 30m`: a duration with its unit',
  for_each: 'loops are `for_each: list` here, with `as`, `max` and `steps`',
  poll: 'to ask again until something holds is `poll: { every: 30s, until: … }` here',
  retry: 'write `retry: { times: 3, every: 5s }`',
  wait: 'write `wait: { for: 10m }`',
  approve: 'write `approve: { who: …, within: …, otherwise: deny }`',
  who: 'people are `who:` here',
  hold: 'how long a response stays is `hold: { for: 24h }` here',
  for: 'how long a response stays is `for: 24h` here',
  otherwise: 'what follows when nobody answers or nothing comes is `otherwise:` here',
  lock: 'mutual exclusion is `lock: "kind:value"` here',
  call: 'another playbook is called with `call: name` here',
  undo: 'taking back is `undo: step` here',
  times: 'how often it is tried is `times:` here, the first attempt included',
  every: 'the time before the second attempt is `every:` here; it doubles',
  verdict: 'how it is judged is `verdict: [ { is: …, if: … } ]` here',
  description: 'what it is for is `description:` here',
  owner: 'whose it is stands under `owner:` here',
  attack: 'techniques are `attack: [T1071]` here, and tags of your own `labels:`',
  labels: 'tags are `labels: { name: value }` here',
  schedule: 'times are `schedule: "0 8 * * *"` here',
};

/** What has no key here, since it is said in another way. */
const IN_ORDER = 'steps of a list run one after another: put it after what it needs. There are no jumps';
const LOOP = 'a loop is a step that holds others: `for_each: list` with `as`, `max` and `steps: [ { do: … } ]`';
const SIGMA = 'a Sigma rule is a file of its own; here the trigger says it: `match:` under `event: type`';

const OTHERWISE_SAID: { readonly [key: string]: string } = {
  needs: IN_ORDER,
  depends_on: IN_ORDER,
  dependsOn: IN_ORDER,
  then: IN_ORDER,
  next: IN_ORDER,
  goto: IN_ORDER,
  transition: IN_ORDER,
  on_completion: IN_ORDER,
  on_success: IN_ORDER,
  end: 'a run ends after its last step, or at `stop: done`',
  loop: LOOP,
  foreach: LOOP,
  forEach: LOOP,
  for_each: LOOP,
  with_items: LOOP,
  strategy: LOOP,
  matrix: LOOP,
  register: 'what a step answered is `steps.<id>`: give it an `id:`',
  block: 'steps that belong together are a list; what follows a failure is `on_error: [ … ]` of the step',
  rescue: 'what follows a failure is `on_error: [ … ]` of the step',
  logsource: SIGMA,
  detection: SIGMA,
  level: 'how serious it is, is a field of the event: `match: { severity|gte: 70 }`',
  severity: 'how serious it is, is a field of the event: `match: { severity|gte: 70 }`',
  connections: 'products are connected in backline.yaml',
  secrets: 'secrets belong to connections, in backline.yaml',
  agents: 'products are connected in backline.yaml',
  targets: 'products are connected in backline.yaml',
};

/** What a key from elsewhere is called here, if that is allowed where it stands; else how it is said. */
export function foreignKey(key: string, allowed: readonly string[]): string | undefined {
  const here = Object.hasOwn(FOREIGN, key) ? FOREIGN[key]?.find(word => allowed.includes(word)) : undefined;
  if (here !== undefined) return MEANING[here];
  if (Object.hasOwn(OTHERWISE_SAID, key)) return OTHERWISE_SAID[key];
  const isAction = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/.test(key) && allowed.includes('do');
  return isAction ? `write \`do: ${key}\`, and its inputs under \`with:\`` : undefined;
}

const SECONDS: { readonly [unit: string]: number } = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };

/** A duration as it is written elsewhere (ISO 8601, words, several units, a bare number), as it is written here. */
export function foreignDuration(value: unknown): string | undefined {
  if (typeof value === 'number') return `a duration has a unit: write ${value}s, ${value}m, ${value}h or ${value}d`;
  if (typeof value !== 'string') return undefined;
  const parts = [...value.toLowerCase().matchAll(/(\d+)\s*(s|m|h|d|w)[a-z]*/g)].map(([, count, unit]) => ({
    count: Number(count),
    unit: unit ?? '',
  }));
  const [only, ...others] = parts;
  if (only === undefined) return undefined;
  if (others.length === 0 && only.unit !== 'w') return `write ${only.count}${only.unit}`;
  const seconds = parts.reduce((sum, { count, unit }) => sum + count * (SECONDS[unit] ?? 0), 0);
  const [unit = 's', length = 1] =
    Object.entries(SECONDS).find(([name, each]) => name !== 'w' && seconds % each === 0) ?? [];
  return `a duration has one unit: write ${seconds / length}${unit}`;
}
