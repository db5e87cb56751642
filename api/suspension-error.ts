import type { Suspension } from '../adapters/postgres/suspensions';
import { DomainError } from '../domain/errors';
import { appealsHref, meHref } from '../domain/hrefs';

/** Says until when, where the reason is, and where to appeal against it; null where it has ended at this moment. */
export function suspensionError(suspension: Suspension | null): DomainError {
  if (!suspension) return new DomainError('suspended');
  const { id, until } = suspension;
  return new DomainError('suspended', {
    detail: 'You can still undo what was done, export, appeal and leave.',
    params: { suspensionId: id, ...(until ? { until: until.toISOString() } : {}) },
    resource: { type: 'suspension', id, href: meHref },
    action: { code: 'appeal', href: appealsHref },
  });
}
