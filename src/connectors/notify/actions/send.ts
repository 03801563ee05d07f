import { defineAction } from '../../../action/action.ts';
import { writing } from '../../../action/http-answer.ts';
import { deliver, describe, messageInput, messageOutput, through } from '../message.ts';
import type { settings } from '../settings.ts';

export const send = defineAction<typeof settings>()({
  name: 'send',
  description: 'Tells people something.',
  effect: 'message',
  input: messageInput,
  output: messageOutput,
  repeatable: true,
  sends: ['lines', 'mail'],
  through,
  rights: [],
  perform: writing((message, context) => deliver(message, context, {})),
  plan: describe,
});
