import type { HelperName } from './helper-names.ts';

/** Text with holes: what of Handlebars the language has (LANGUAGE 4.3). */
export type TextNode =
  | { readonly kind: 'content'; readonly text: string }
  | (Place & { readonly kind: 'output'; readonly value: TextExpr })
  | (Place & {
      readonly kind: 'if';
      /** `unless` is an `if` the other way round. */
      readonly negated: boolean;
      readonly condition: TextExpr;
      readonly whenTrue: readonly TextNode[];
      readonly whenFalse: readonly TextNode[];
    })
  | (Place & {
      readonly kind: 'each';
      readonly over: TextExpr;
      readonly max: number;
      readonly body: readonly TextNode[];
      readonly otherwise: readonly TextNode[] | undefined;
    });

export type TextExpr =
  /** From a root, `['event', 'host', 'name']`; list positions are digits. */
  | (Place & { readonly kind: 'path'; readonly path: readonly string[] })
  /** From the item of the innermost `each`. */
  | (Place & { readonly kind: 'item'; readonly path: readonly string[] })
  | (Place & { readonly kind: 'position' })
  | (Place & { readonly kind: 'literal'; readonly value: string | number | boolean | null })
  | (Place & { readonly kind: 'call'; readonly helper: HelperName; readonly args: readonly TextExpr[] });

export interface Place {
  /** Offsets into the text; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}
