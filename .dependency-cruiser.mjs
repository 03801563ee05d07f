/**
 * The floors of the house (ARCHITECTURE.md): imports point down only. Each rule says what it keeps and why.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const floors = [
  // Lowest first; a folder may import itself and what stands before it.
  ['base', []],
  ['expr', ['base']],
  // Log lines as their products write them: what sources take, and connectors make events of.
  ['formats', ['base']],
  ['event', ['base', 'formats']],
  ['action', ['base', 'formats', 'event']],
  // Lists that others fetch: a product of ours, which knows nothing of playbooks.
  ['feeds', ['base']],
  ['match', ['base', 'event', 'expr']],
  ['playbook', ['base', 'event', 'expr', 'action', 'match']],
  ['machine', ['base', 'event', 'expr', 'action', 'match', 'playbook']],
  ['journal', ['base', 'event', 'expr', 'action', 'match', 'playbook', 'machine']],
  ['engine', ['base', 'event', 'expr', 'action', 'match', 'playbook', 'machine', 'journal']],
  // A store knows the port and the records, not the engine behind the port.
  ['store', ['base', 'event', 'feeds', 'action', 'machine', 'journal', 'engine']],
  ['plan', ['base', 'event', 'expr', 'action', 'match', 'playbook', 'machine', 'journal', 'engine', 'store']],
  ['cases', ['base', 'event', 'expr', 'action', 'match', 'playbook', 'machine', 'journal', 'engine', 'store', 'plan']],
  // One vendor, one folder, and nothing of the engine's: a connector can be read and tested alone.
  ['connectors', ['base', 'formats', 'event', 'action']],
  ['sources', ['base', 'formats', 'event', 'action', 'engine']],
  ['api', ['base', 'event', 'action', 'match', 'playbook', 'machine', 'journal', 'engine', 'sources']],
];

const forbidden = floors.map(([floor, below]) => ({
  name: `${floor}-looks-down`,
  comment: `src/${floor} imports only ${below.length === 0 ? 'nothing of ours' : below.join(', ')}`,
  severity: 'error',
  from: { path: `^src/${floor}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^src/', pathNot: `^src/(${[floor, ...below].join('|')})/` },
}));

export default {
  forbidden: [
    ...forbidden,
    {
      name: 'one-vendor-one-folder',
      comment: 'a connector never imports another; what two of them need belongs to src/action',
      severity: 'error',
      from: { path: '^src/connectors/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/connectors/[^/]+/', pathNot: '^src/connectors/$1/' },
    },
    {
      name: 'below-the-engine-is-pure',
      comment:
        'no clock, randomness, file, socket or environment below engine/: what needs the world returns what should be done instead',
      severity: 'error',
      from: { path: '^src/(base|formats|expr|event|action|match|playbook|machine|journal)/', pathNot: '\\.test\\.ts$' },
      // A hash is a function of its input, wherever it is computed.
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'xstate-stays-in-the-machine',
      comment: 'fourteen type parameters are nobody else’s business',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/machine/' },
      to: { path: 'node_modules/xstate' },
    },
    {
      name: 'handlebars-and-cel-stay-in-expr',
      comment: 'templates are interpreted, never compiled, and in one place',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/expr/' },
      to: { path: 'node_modules/(handlebars|@marcbachmann)' },
    },
    {
      name: 'sqlite-stays-in-its-store',
      comment: 'the engine knows the port only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/store/sqlite/' },
      to: { path: '^(node:)?sqlite$' },
    },
    {
      name: 'no-cycles',
      comment: 'a cycle of imports is one file that pretends to be two; types may know each other',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.json'],
      conditionNames: ['import', 'node', 'default'],
    },
    doNotFollow: { path: 'node_modules' },
  },
};
