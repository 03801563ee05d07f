import type { Check } from './check.ts';

export const folderName: Check = {
  code: 'folder-name',
  *run({ playbook, folder, root }) {
    const name = root.get('playbook');
    if (folder === undefined || name === undefined || playbook.name === folder) return;
    yield {
      message: `the playbook is called "${playbook.name}", but its folder "${folder}"`,
      span: name.span,
      hint: 'a playbook is found by its folder: both names must be equal',
    };
  },
};
