import type { Action } from '../../action/action.ts';
import type { Catalogue } from '../../action/connector.ts';
import { catalogueOf } from '../../action/connector.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import { connectors } from '../../connectors/connectors.ts';
import { EXIT, misuse } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { actionView, printAction, printActions } from '../print/actions.ts';

export interface ActionsOptions {
  readonly format: 'pretty' | 'json';
}

/** The catalogue: what connectors can do, and what each action asks for and promises. */
export async function actions(
  invocation: Invocation,
  verb: string,
  name: string | undefined,
  { format }: ActionsOptions,
): Promise<number> {
  const { terminal } = invocation;
  const catalogue = catalogueOf(connectors);
  switch (verb) {
    case 'list': {
      const chosen = name === undefined ? [...catalogue.actions.values()] : ofConnector(name, catalogue);
      terminal.print(
        format === 'json' ? JSON.stringify(chosen.map(actionView), undefined, 2) : printActions(chosen, terminal.paint),
      );
      return EXIT.ok;
    }
    case 'show': {
      if (name === undefined) throw misuse('name an action: backline actions show <name>');
      const action = catalogue.actions.get(name);
      if (action === undefined)
        throw misuse(`there is no action "${name}"${didYouMean(name, catalogue.actions.keys())}`);
      terminal.print(
        format === 'json' ? JSON.stringify(actionView(action), undefined, 2) : printAction(action, terminal.paint),
      );
      return EXIT.ok;
    }
    default:
      throw misuse(
        `backline actions has no "${verb}"${didYouMean(verb, ['list', 'show'])}`,
        'backline actions [list|show <name>]',
      );
  }
}

function ofConnector(name: string, { connectors: known }: Catalogue): readonly Action[] {
  const connector = known.get(name);
  if (connector === undefined) throw misuse(`there is no connector "${name}"${didYouMean(name, known.keys())}`);
  return connector.actions;
}
