import { ProviderError } from '../../domain/errors';
import { parseObject } from './parse-object';

/**
 * Fetches the keys that a provider signs with, in the shape of the fetch that oauth4webapi asks for. Anything but a set of keys
 * is the provider's trouble, not a forged token: throws ProviderError `unavailable`.
 */
export async function fetchKeySet(
  url: string,
  init: { headers: Record<string, string>; signal?: AbortSignal },
): Promise<Response> {
  let status: number | undefined;
  try {
    const response = await fetch(url, { headers: init.headers, signal: init.signal ?? null, redirect: 'manual' });
    status = response.status;
    const text = await response.text();
    const keys = parseObject(text)?.keys;
    const isKeySet = Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null);
    if (status === 200 && isKeySet) return new Response(text, { headers: { 'content-type': 'application/json' } });
  } catch {
    // Falls through to the one failure there is.
  }
  throw new ProviderError('unavailable', { code: 'signing_keys_unavailable', ...(status ? { status } : {}) });
}
