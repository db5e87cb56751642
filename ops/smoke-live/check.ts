/** What one look at a provider showed. `said` holds codes, statuses and addresses, never a secret or an answer's text. */
export interface Finding {
  provider: string;
  what: string;
  holds: boolean;
  said: string;
}

/** The `error` code of an answer as far as it is one; free texts may quote what was sent. */
export function errorCode(text: string): string | null {
  try {
    const error = (JSON.parse(text) as { error?: unknown } | null)?.error;
    return typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : null;
  } catch {
    return null;
  }
}

/** Reads a JSON document; null with the reason where there is none. Redirects aren't followed. */
export async function readDocument(
  url: string,
  timeoutSeconds: number,
): Promise<{ body: Record<string, unknown>; date: Date | null } | { reason: string }> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutSeconds * 1000) });
    if (response.status !== 200) return { reason: `HTTP ${response.status}` };
    const body: unknown = await response.json();
    if (typeof body !== 'object' || body === null) return { reason: 'no JSON object' };
    const date = response.headers.get('date');
    return { body: body as Record<string, unknown>, date: date === null ? null : new Date(date) };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'no JSON';
  const { cause } = error as { cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : error instanceof Error ? error.name : 'unknown failure';
}
