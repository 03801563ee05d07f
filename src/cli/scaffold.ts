/** The files of a new project: enough that `check`, `plan` and `test` pass, and that each shows where to go on. */
export const SCAFFOLD: readonly { readonly path: string; readonly text: string }[] = [
  {
    path: 'backline.yaml',
    text: `# yaml-language-server: $schema=.vscode/backline-config.schema.json
# Where Backline runs, what it is connected to, and who may decide. Secrets are references, never values.
environment: development
data: .backline
listen: 127.0.0.1:7400
guardrails: guardrails.yaml

people:
  soc-lead: [you@example.org]

playbooks:
  # A new playbook watches: it plans on live events and changes nothing, until it has an entry of its own.
  default: { mode: shadow }

connections:
  carbonblack:
    settings: { url: "https://edr.example.org", token: "\${env:CARBONBLACK_TOKEN}" }
    poll: { alerts: 30s }
  skyatp:
    settings: { url: "https://api.sky.junipersecurity.net", token: "\${env:SKYATP_TOKEN}" }
  notify:
    settings: { channels: { log: { log: true } }, default: log }
`,
  },
  {
    path: 'guardrails.yaml',
    text: `# yaml-language-server: $schema=.vscode/backline-guardrails.schema.json
# What no playbook can override. Name your own domain controllers, gateways and resolvers before anything is active.
protected:
  - name: infrastructure
    hosts: [DC-*]
    ips: [10.0.0.0/24]

budgets:
  - { name: infected-hosts, actions: [skyatp.add-infected-host], most: 20, within: 10m, per: all }

approvals:
  - { name: what-cannot-be-undone, effects: [irreversible], who: soc-lead, within: 1h, people: 1 }
`,
  },
  {
    path: 'playbooks/bad-file/playbook.yaml',
    text: `# yaml-language-server: $schema=../../.vscode/backline-playbook.schema.json
language: v1
playbook: bad-file
description: A host with a file that SkyATP knows to be bad is listed as infected for a day.
owner: soc@example.org
params:
  bad: { type: integer, default: 8, note: "the score from which on a file is bad" }

trigger:
  - event: carbonblack.alert
    match: { severity|gte: 40 }
incident: "host:{{event.host.key}}"

enrich:
  file:
    # No file in the alert is not the same as SkyATP being down: the first is certain, the second is not known.
    if: has(event.file.hash.sha256)
    do: skyatp.lookup-hash
    with: { sha256: "{{event.file.hash.sha256}}" }

verdict:
  - is: malicious
    if: enrich.file.score >= params.bad
    because: "SkyATP score {{enrich.file.score}} for {{event.file.name}}"
  - is: benign

respond:
  malicious:
    - id: block
      for_each: event.host.ip
      as: address
      max: 4
      steps:
        - id: feed
          do: skyatp.add-infected-host
          with: { ip: "{{address}}" }
          hold: { for: 24h }
    - do: notify.send
      with: { to: soc, subject: "{{event.host.name}} is blocked", body: "{{verdict.because}}. {{run.url}}" }
  benign: []
  unknown:
    - do: notify.send
      with: { to: soc, subject: "{{event.host.name}}: {{join verdict.missing}} could not be found out" }
`,
  },
  {
    path: 'playbooks/bad-file/alert.json',
    text: `{
  "id": "a-1",
  "type": "carbonblack.alert",
  "time": "2026-01-05T09:00:00Z",
  "severity": 60,
  "alert": { "id": "a-1", "status": "Unresolved" },
  "host": { "name": "FIN-WS-042", "ip": ["192.168.1.163"] },
  "file": {
    "name": "invoice.exe",
    "hash": { "sha256": "add683a6910abbbf0e28b557fad0ba998166394932ae2aca069d9aa19ea8fe88" }
  }
}
`,
  },
  {
    path: 'playbooks/bad-file/recorded.yaml',
    text: `# What the products answered once; \`backline plan\` reads it and asks nobody.
recorded: "2026-01-05"
answers:
  - action: skyatp.lookup-hash
    input: { sha256: add683a6910abbbf0e28b557fad0ba998166394932ae2aca069d9aa19ea8fe88 }
    output: { found: true, score: 10, complete: true }
  - action: skyatp.add-infected-host
    input: { ip: 192.168.1.163 }
    standing: { stands: false, summary: not listed }
`,
  },
  {
    path: 'playbooks/bad-file/cases/blocked.yaml',
    text: `# yaml-language-server: $schema=../../../.vscode/backline-case.schema.json
case: a bad file gets its host blocked, and the block ends after a day
event: { file: ../alert.json }
answers:
  skyatp.lookup-hash: { found: true, score: 10, complete: true }
expect:
  verdict: malicious
  calls: [{ skyatp.add-infected-host: { ip: 192.168.1.163 } }]
  in_force: [{ action: skyatp.add-infected-host, target: 192.168.1.163 }]
  run: done
`,
  },
  {
    path: 'playbooks/bad-file/cases/skyatp-down.yaml',
    text: `# yaml-language-server: $schema=../../../.vscode/backline-case.schema.json
case: with SkyATP down the verdict is unknown, never benign, and somebody is told
event: { file: ../alert.json }
answers:
  skyatp.lookup-hash: { fault: timeout }
expect:
  verdict: unknown
  missing: [file]
  not_called: [skyatp.add-infected-host]
  messages: [{ to: soc, subject|contains: could not be found out }]
  run: done
`,
  },
  {
    path: 'playbooks/bad-file/cases/clean.yaml',
    text: `# yaml-language-server: $schema=../../../.vscode/backline-case.schema.json
case: a clean file changes nothing
event: { file: ../alert.json }
answers:
  skyatp.lookup-hash: { found: true, score: 0, complete: true }
expect:
  verdict: benign
  not_called: [skyatp.add-infected-host, notify.send]
  run: done
`,
  },
  {
    path: '.github/workflows/backline.yml',
    text: `# Nothing is contacted and no secret is needed.
name: backline
on: [push, pull_request]
jobs:
  playbooks:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      - run: npx backline check --format github --fail-level warning
      - run: npx backline test --format pretty
`,
  },
  { path: '.gitignore', text: '.backline/\n' },
  { path: '.vscode/extensions.json', text: '{ "recommendations": ["redhat.vscode-yaml"] }\n' },
];

/** Which schema is written into which file; editors find it by the first line of each file. */
export const SCHEMA_FILES: { readonly [kind: string]: string } = {
  playbook: '.vscode/backline-playbook.schema.json',
  case: '.vscode/backline-case.schema.json',
  config: '.vscode/backline-config.schema.json',
  guardrails: '.vscode/backline-guardrails.schema.json',
};
