import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of what runs, by package.json: two folders up from the sources, and three from what was built of them. */
export function appVersion(): string {
  const file = ['../..', '../../..'].map((up) => join(__dirname, up, 'package.json')).find(existsSync);
  const { version } = file ? (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }) : {};
  return version ?? 'unknown';
}
