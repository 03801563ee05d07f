import type { PlayedPlaybook } from './cases.ts';

/** JUnit's report as build servers read it: a suite for each playbook. */
export function junit(played: readonly PlayedPlaybook[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="backline">',
    ...played.map(suite),
    '</testsuites>',
  ].join('\n');
}

function suite({ playbook, cases }: PlayedPlaybook): string {
  const failed = cases.filter(({ isPassed }) => !isPassed).length;
  const time = seconds(cases.reduce((sum, { milliseconds }) => sum + milliseconds, 0));
  const head = `  <testsuite name="${escapeXml(playbook)}" tests="${cases.length}" failures="${failed}" time="${time}">`;
  const rows = cases.map(({ name, file, isPassed, milliseconds, failures }) => {
    const open = `    <testcase classname="${escapeXml(playbook)}" name="${escapeXml(name)}" file="${escapeXml(file)}" time="${seconds(milliseconds)}"`;
    if (isPassed) return `${open}/>`;
    const [first = ''] = failures;
    return `${open}>\n      <failure message="${escapeXml(first)}">${escapeXml(failures.join('\n'))}</failure>\n    </testcase>`;
  });
  return [head, ...rows, '  </testsuite>'].join('\n');
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1_000).toFixed(3);
}

/** What XML 1.0 cannot hold at all is shown as a replacement character. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
