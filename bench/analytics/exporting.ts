import { setTimeout as sleep } from 'node:timers/promises';

const megabyte = 1024 * 1024;
const newline = 10;

/** How many rows a file has that has so many lines; texts in it have no line ends of their own. */
export function exportedRows(format: 'csv' | 'json' | 'ndjson', lines: number): number {
  // A line of columns; one before the first row.
  return format === 'ndjson' ? lines : lines - 1;
}

/**
 * Reads a file to its end, a little slower than it could come, and watches the process that makes it: line ends in the file, and by how many
 * megabytes its resident memory grew at most.
 */
export async function mostWhileExporting(
  url: string,
  { token, metricsPort }: { token: string; metricsPort: string },
): Promise<{ rows: number; megabytes: number }> {
  const before = await residentBytes(metricsPort);
  const ended = new AbortController();
  const most = watched(metricsPort, ended.signal);
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok || !response.body) throw new Error(`The file was answered with ${response.status}.`);
  let rows = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>)
    for (const byte of chunk) if (byte === newline) rows += 1;
  ended.abort();
  return { rows, megabytes: Math.max(0, (await most) - before) / megabyte };
}

async function watched(metricsPort: string, ended: AbortSignal): Promise<number> {
  let most = 0;
  while (!ended.aborted) {
    most = Math.max(most, await residentBytes(metricsPort));
    await sleep(100);
  }
  return most;
}

async function residentBytes(metricsPort: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const bytes = /^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1];
  if (bytes === undefined) throw new Error('The process does not tell its memory.');
  return Number(bytes);
}
