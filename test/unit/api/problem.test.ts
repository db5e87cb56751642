import { z } from 'zod';
import { DomainError, errorCodes, type ErrorCode } from '../../../domain/errors';
import { fieldErrors, problemOf, problemSchema } from '../../../api/problem';

describe('problems', () => {
  it.each(Object.keys(errorCodes) as ErrorCode[])('%s has a status, a title and the documented shape', (code) => {
    const problem = problemOf(new DomainError(code), 'request-1');
    expect(problemSchema.parse(problem)).toEqual(problem);
    expect(problem).toMatchObject({ code, status: errorCodes[code].status, requestId: 'request-1' });
  });

  it('carries what stands in the way and nothing that wasn’t said', () => {
    const resource = { type: 'run', id: 'r', href: '/api/v1/enforcement/runs/r' };
    const problem = problemOf(new DomainError('plan_already_executed', { resource, retryAfter: 3 }), 'request-1');
    expect(problem).toMatchObject({ resource, retryAfter: 3 });
    expect(Object.keys(problem)).not.toContain('detail');
  });

  it('names the place of each fault', () => {
    const schema = z.object({ a: z.object({ b: z.array(z.number()) }) });
    const { error } = schema.safeParse({ a: { b: [1, 'x'] } });
    expect(error && fieldErrors('body', error)).toMatchObject([{ path: 'body.a.b[1]', code: 'invalid_type' }]);
  });
});
