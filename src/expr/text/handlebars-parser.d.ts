// The package has types for the whole of it only; importing the whole would load the compiler too.
declare module 'handlebars/dist/cjs/handlebars/compiler/base.js' {
  export interface Place {
    readonly line: number;
    readonly column: number;
  }
  interface Node {
    readonly loc: { readonly start: Place; readonly end: Place };
  }
  export interface Program {
    readonly type: 'Program';
    readonly body: readonly Statement[];
    readonly blockParams?: readonly string[];
  }
  export type Statement = Content | Comment | Mustache | Block | Partial | PartialBlock | Decorator | DecoratorBlock;
  export interface Content extends Node {
    readonly type: 'ContentStatement';
    readonly value: string;
  }
  export interface Comment extends Node {
    readonly type: 'CommentStatement';
  }
  export interface Mustache extends Node {
    readonly type: 'MustacheStatement';
    readonly path: Path | Literal | SubExpression;
    readonly params: readonly Expression[];
    readonly hash: Hash | undefined;
    readonly escaped: boolean;
  }
  export interface Block extends Node {
    readonly type: 'BlockStatement';
    readonly path: Path | Literal | SubExpression;
    readonly params: readonly Expression[];
    readonly hash: Hash | undefined;
    readonly program: Program | undefined;
    readonly inverse: Program | undefined;
  }
  export interface Partial extends Node {
    readonly type: 'PartialStatement';
  }
  export interface PartialBlock extends Node {
    readonly type: 'PartialBlockStatement';
  }
  export interface Decorator extends Node {
    readonly type: 'Decorator';
  }
  export interface DecoratorBlock extends Node {
    readonly type: 'DecoratorBlock';
  }
  export type Expression = Path | Literal | SubExpression;
  export interface Path extends Node {
    readonly type: 'PathExpression';
    readonly data: boolean;
    readonly depth: number;
    readonly parts: readonly string[];
    readonly original: string;
  }
  export interface SubExpression extends Node {
    readonly type: 'SubExpression';
    readonly path: Path | Literal | SubExpression;
    readonly params: readonly Expression[];
    readonly hash: Hash | undefined;
  }
  export type Literal =
    | (Node & { readonly type: 'StringLiteral'; readonly value: string })
    | (Node & { readonly type: 'NumberLiteral'; readonly value: number })
    | (Node & { readonly type: 'BooleanLiteral'; readonly value: boolean })
    | (Node & { readonly type: 'NullLiteral' })
    | (Node & { readonly type: 'UndefinedLiteral' });
  export interface Hash extends Node {
    readonly pairs: readonly (Node & { readonly key: string; readonly value: Expression })[];
  }
  export function parse(text: string): Program;
}
