import type { Permission } from '../../../../domain/roles';
import type { Harness } from '../harness';

/** One operation of the OpenAPI document. */
export interface Operation {
  method: string;
  /** With its parameters in braces. */
  path: string;
  permission: Permission;
  parameters: string[];
}

/** Every operation below `/api/v1`, as the API itself describes them. */
export async function everyOperation({ api }: Harness): Promise<Operation[]> {
  const { paths } = (await api.call('GET', '/openapi.json')).body as {
    paths: Record<string, Record<string, { 'x-permission': Permission }>>;
  };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { 'x-permission': permission }]) => ({
      method: method.toUpperCase(),
      path,
      permission,
      parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
    })),
  );
}

export interface Reply {
  status: number;
  code: unknown;
}

/** Calls an operation; of an event stream only the beginning is read. */
export async function callOperation(
  { api }: Harness,
  { method, path }: Pick<Operation, 'method' | 'path'>,
  { token, body, fill }: { token: string | null; body?: unknown; fill: (parameter: string) => string },
): Promise<Reply> {
  const response = await fetch(`${api.url}${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => fill(name))}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('problem+json')) {
    const { code } = (await response.json()) as { code: unknown };
    return { status: response.status, code };
  }
  await response.body?.cancel();
  return { status: response.status, code: null };
}
