import { compute } from './arithmetic.ts';
import type { Budget } from './budget.ts';
import { contains, equal, order } from './comparison.ts';
import type { BinaryOperator } from './syntax.ts';
import type { Held } from './value.ts';
import { failed, held, lacking } from './value.ts';

/** One operator of two sides. What is absent compares as false (`!=` as true) and cannot be computed with. */
export function operate(operator: BinaryOperator, left: Held, right: Held, budget: Budget): Held {
  const missing = [left, right].filter(side => side.state === 'missing');
  if (missing.length > 0) return lacking(missing);
  if (left.state !== 'value' || right.state !== 'value') return withAbsent(operator);
  const [a, b] = [left.value, right.value];
  switch (operator) {
    case '==':
      return held(equal(a, b, budget));
    case '!=':
      return held(!equal(a, b, budget));
    case 'in':
      return contains(a, b, budget);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return order(operator, a, b, budget);
    default:
      return compute(operator, a, b, budget);
  }
}

function withAbsent(operator: BinaryOperator): Held {
  switch (operator) {
    case '==':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'in':
      return held(false);
    case '!=':
      return held(true);
    default:
      return failed(`"${operator}" on something absent`);
  }
}
