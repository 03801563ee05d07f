import { createMemoryStore } from '../../src/store/memory/memory.ts';
import { describeStore } from './store.ts';

describeStore('the memory store', async clock => {
  const store = createMemoryStore({ clock });
  return { store, dispose: () => store.close() };
});
