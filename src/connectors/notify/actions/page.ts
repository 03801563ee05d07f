import { defineAction } from '../../../action/action.ts';
import { writing } from '../../../action/http-answer.ts';
import { deliver, describe, messageInput, messageOutput, through } from '../message.ts';
import type { settings } from '../settings.ts';

export const page = defineAction<typeof settings>()({
  name: 'page',
  description: 'Tells people something that cannot wait; a webhook is told that it is urgent.',
  effect: 'message',
  input: messageInput,
  output: messageOutput,
  repeatable: true,
  sends: ['lines', 'mail'],
  through,
  rights: [],
  perform: writing((message, context) => deliver(message, context, { urgent: true })),
  plan: describe,
});
