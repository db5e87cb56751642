import { z } from 'zod';
import { DomainError } from '../../../domain/errors';
import { currentPolicy, findPolicy, policies, type Policy } from '../../../domain/policies';
import { policyHref } from '../../../domain/hrefs';
import { defineRoute } from '../../route';

const version = z.iso.date().meta({ description: 'The day from which it holds.' });
const summarySchema = z.object({ version, current: z.boolean(), href: z.string() });
const policySchema = summarySchema
  .extend({ rules: z.array(z.object({ code: z.string(), title: z.string(), text: z.string() })) })
  .meta({ id: 'Policy' });

const list = defineRoute({
  method: 'get',
  path: '/policies',
  summary: 'The versions of the rules that decisions rest on',
  tags: ['Moderation'],
  permission: 'anyone',
  responses: { 200: z.object({ items: z.array(summarySchema) }) },
  handler: () => Promise.resolve({ status: 200 as const, body: { items: policies.map(summaryOf) } }),
});

const get = defineRoute({
  method: 'get',
  path: '/policies/{version}',
  summary: 'The rules, as they are or were',
  description: '`current` is the version that holds now. What a version says never changes.',
  tags: ['Moderation'],
  permission: 'anyone',
  params: z.object({ version: z.string().max(20) }),
  responses: { 200: policySchema },
  handler: ({ params }) => {
    const policy = params.version === 'current' ? currentPolicy : findPolicy(params.version);
    if (!policy) return Promise.reject(new DomainError('not_found'));
    return Promise.resolve({ status: 200 as const, body: { ...summaryOf(policy), rules: [...policy.rules] } });
  },
});

const summaryOf = (policy: Policy) => ({
  version: policy.version,
  current: policy === currentPolicy,
  href: policyHref(policy.version),
});

export const policyRoutes = [list, get];
