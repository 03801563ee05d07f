import { isInNetwork, isPrivateAddress } from '../address.ts';
import type { CelFunction } from './function.ts';
import { asText, asValue } from './function.ts';
import { failed, held, toJson } from './value.ts';

export const LOOKUP_FUNCTIONS: readonly CelFunction[] = [
  {
    name: 'in_list',
    form: 'function',
    signature: 'in_list(value, "list") -> boolean',
    doc: 'whether a value is in a list file; the name of the list is a literal',
    takes: ['any', ['text']],
    gives: 'boolean',
    absent: 'false',
    run(args, { scope }) {
      const json = toJson(asValue(args[0]));
      return json === undefined ? failed('overflow') : held(scope.inList(json, asText(args[1])));
    },
  },
  {
    name: 'in_cidr',
    form: 'function',
    signature: 'in_cidr(address, "10.0.0.0/8") -> boolean',
    doc: 'whether an address lies in a network; false for what is no address',
    takes: [['text'], ['text']],
    gives: 'boolean',
    absent: 'false',
    run(args) {
      const network = asText(args[1]);
      const isIn = isInNetwork(asText(args[0]), network);
      return isIn === undefined ? failed(`"${network.slice(0, 64)}" is not a network`) : held(isIn);
    },
  },
  {
    name: 'is_private',
    form: 'function',
    signature: 'is_private(address) -> boolean',
    doc: 'whether nobody on the internet can reach an address; false for a domain',
    takes: [['text']],
    gives: 'boolean',
    absent: 'false',
    run: args => held(isPrivateAddress(asText(args[0]))),
  },
];
