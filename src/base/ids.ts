declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type RunId = Branded<'RunId'>;
/** Where a command stands in its run: `file`, `block[2].feed`. Unique in a run, since no step is reached twice. */
export type CommandId = Branded<'CommandId'>;
/** Deduplication key of an input, unique within its run. */
export type InputId = Branded<'InputId'>;
export type QuestionId = Branded<'QuestionId'>;
/** (action, target inputs): a response is in force once per key (LANGUAGE 8.3). */
export type ResponseKey = Branded<'ResponseKey'>;
/** The content hash of a playbook with all that it is made of. */
export type Version = Branded<'Version'>;

/** Randomness as an argument: fresh, never repeated ids. */
export interface Ids {
  run(): RunId;
  /** For anything else that needs an unguessable or unique word. */
  token(): string;
}
