import type { Check } from './check.ts';
import { approveOtherwiseAllow } from './approve-otherwise-allow.ts';
import { badCorrelation } from './bad-correlation.ts';
import { badMatchValue } from './bad-match-value.ts';
import { badPattern } from './bad-pattern.ts';
import { badFormField } from './bad-form-field.ts';
import { badSchedule } from './bad-schedule.ts';
import { badTime } from './bad-time.ts';
import { cyclicCall } from './cyclic-call.ts';
import { cyclicEmit } from './cyclic-emit.ts';
import { cyclicEnrich } from './cyclic-enrich.ts';
import { cyclicVars } from './cyclic-vars.ts';
import { duplicateBranch } from './duplicate-branch.ts';
import { duplicateId } from './duplicate-id.ts';
import { effectInEnrich } from './effect-in-enrich.ts';
import { finallyForbidden } from './finally-forbidden.ts';
import { folderName } from './folder-name.ts';
import { holdOnRead } from './hold-on-read.ts';
import { holdWithoutFor } from './hold-without-for.ts';
import { inputsWithoutManual } from './inputs-without-manual.ts';
import { irreversibleWithoutApproval } from './irreversible-without-approval.ts';
import { lockCanWaitLong } from './lock-can-wait-long.ts';
import { loopTooLarge } from './loop-too-large.ts';
import { missingId } from './missing-id.ts';
import { missingInput } from './missing-input.ts';
import { noUnknownBranch } from './no-unknown-branch.ts';
import { noVerdictBranch } from './no-verdict-branch.ts';
import { notInEnrich } from './not-in-enrich.ts';
import { optionalTarget } from './optional-target.ts';
import { paramType } from './param-type.ts';
import { paramWithoutValue } from './param-without-value.ts';
import { pollOnWrite } from './poll-on-write.ts';
import { requiredWithIf } from './required-with-if.ts';
import { reservedId } from './reserved-id.ts';
import { secretLiteral } from './secret-literal.ts';
import { triggerNeverMatches } from './trigger-never-matches.ts';
import { unknownAction } from './unknown-action.ts';
import { unknownEventType } from './unknown-event-type.ts';
import { unknownField } from './unknown-field.ts';
import { unknownInput } from './unknown-input.ts';
import { unknownList } from './unknown-list.ts';
import { unknownParam } from './unknown-param.ts';
import { unknownSigmaRule } from './unknown-sigma-rule.ts';
import { unknownStep } from './unknown-step.ts';
import { unknownWindow } from './unknown-window.ts';
import { unreachableStep } from './unreachable-step.ts';
import { withinTooLong } from './within-too-long.ts';
import { wrongCall } from './wrong-call.ts';
import { wrongEvent } from './wrong-event.ts';
import { wrongInput } from './wrong-input.ts';
import { wrongList } from './wrong-list.ts';

/** Every check, one file each. A test compares this list with the folder. */
export const CHECKS: readonly Check[] = [
  approveOtherwiseAllow,
  badCorrelation,
  badMatchValue,
  badPattern,
  badFormField,
  badSchedule,
  badTime,
  cyclicCall,
  cyclicEmit,
  cyclicEnrich,
  cyclicVars,
  duplicateBranch,
  duplicateId,
  effectInEnrich,
  finallyForbidden,
  folderName,
  holdOnRead,
  holdWithoutFor,
  inputsWithoutManual,
  irreversibleWithoutApproval,
  lockCanWaitLong,
  loopTooLarge,
  missingId,
  missingInput,
  noUnknownBranch,
  noVerdictBranch,
  notInEnrich,
  optionalTarget,
  paramType,
  paramWithoutValue,
  pollOnWrite,
  requiredWithIf,
  reservedId,
  secretLiteral,
  triggerNeverMatches,
  unknownAction,
  unknownEventType,
  unknownField,
  unknownInput,
  unknownList,
  unknownParam,
  unknownSigmaRule,
  unknownStep,
  unknownWindow,
  unreachableStep,
  withinTooLong,
  wrongCall,
  wrongEvent,
  wrongInput,
  wrongList,
];
