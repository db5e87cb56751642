/** pino's number for warnings; errors are above it. */
const WARNING = 40;

interface LogLine {
  level?: number;
  msg?: string;
  code?: string;
  err?: { type?: string; code?: string };
}

/**
 * What a person at the terminal should read of one line of a program's output: the message of a warning or an error,
 * a plain line of standard error, or nothing.
 */
export function noteworthy(line: string, fromStderr: boolean): string | null {
  if (line.trim() === '') return null;
  if (!line.startsWith('{')) return fromStderr && !/^\s+at |Warning: /.test(line) ? line : null;
  try {
    const { level = 0, msg = '', code, err } = JSON.parse(line) as LogLine;
    if (level < WARNING) return null;
    const about = code ?? err?.code ?? err?.type;
    return about ? `${msg} (${about})` : msg;
  } catch {
    return null;
  }
}
