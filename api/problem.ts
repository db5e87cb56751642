import { z } from 'zod';
import type { DomainError } from '../domain/errors';
import { errorCodes, type ErrorCode, type FieldError } from '../domain/errors';

export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'An address that names the code.', example: '/docs/errors#not_found' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
    params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    requestId: z.string(),
    retryable: z.boolean().meta({ description: 'Whether the same request can succeed later without being changed.' }),
    retryAfter: z.int().optional().meta({ description: 'Seconds.' }),
    errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
    resource: z.object({ type: z.string(), id: z.string(), href: z.string() }).optional(),
    action: z.object({ code: z.string(), href: z.string() }).optional(),
  })
  .meta({ id: 'Problem', description: 'An error by RFC 9457.' });
export type Problem = z.infer<typeof problemSchema>;

/** The answer to a failure, by the one table of codes. */
export function problemOf(error: DomainError, requestId: string): Problem {
  const entry: { status: number; title: string; retryable?: boolean } = errorCodes[error.code];
  const { detail, params, errors, retryAfter, resource, action } = error.extras;
  return {
    type: `/docs/errors#${error.code}`,
    title: entry.title,
    status: entry.status,
    ...(detail === undefined ? {} : { detail }),
    code: error.code,
    ...(params === undefined ? {} : { params }),
    requestId,
    retryable: entry.retryable ?? false,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(errors === undefined ? {} : { errors }),
    ...(resource === undefined ? {} : { resource }),
    ...(action === undefined ? {} : { action }),
  };
}

/** `a.b[2]` from zod's path. */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    '',
  );
}

/** Each fault of an input, placed under `root` (`body`, `query`, `params`). */
export function fieldErrors(root: string, error: z.ZodError): FieldError[] {
  return error.issues.map((issue) => ({
    path: pathText([root, ...issue.path]),
    code: issue.code,
    message: issue.message,
  }));
}
