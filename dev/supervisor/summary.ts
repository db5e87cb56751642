import { relative } from 'node:path';
import type { Settings } from './settings';

export interface SummaryFacts {
  readonly settings: Settings;
  readonly apiUrl: string;
  readonly temporalUiUrl: string | null;
  readonly sandboxUrl: string | null;
  /** Redirect addresses to register at real providers: provider and address. */
  readonly redirects: readonly (readonly [string, string])[];
}

/** What a person needs once everything runs: one address to click, one line to paste, and where to look. */
export function summary({ settings, apiUrl, temporalUiUrl, sandboxUrl, redirects }: SummaryFacts): string {
  const rows: (readonly [string, string])[] = [
    ['Open', `${apiUrl}/`],
    ['API docs', `${apiUrl}/docs`],
    ...(temporalUiUrl ? [['Temporal UI', temporalUiUrl] as const] : []),
    ...(sandboxUrl ? [['Sandbox', `${sandboxUrl}/admin/users`] as const] : []),
    ['Logs', `${relative(process.cwd(), settings.logDir) || settings.logDir}/`],
    ...redirects.map(([provider, address]) => ['Register', `${address}  (redirect address, at ${provider})`] as const),
  ];
  const token = sandboxUrl ? 'npm run user -- token listener@example.test' : 'npm run user -- token YOU@YOUR.ADDRESS';
  return [
    '',
    'Do Not Play is ready.',
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(12)} ${value}`),
    '',
    'A token for curl, once you have signed in:',
    `  ${token}`,
    '',
    'Ctrl-C stops everything; nothing is lost.',
    '',
  ].join('\n');
}
