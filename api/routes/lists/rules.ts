import { examine } from '../../../adapters/postgres/list-examination';
import { artistsOfVersion, versionId } from '../../../adapters/postgres/list-versions';
import { isShared } from '../../../adapters/postgres/lists';
import { blocking, listRuleCodes, listRules, mostEntries } from '../../../domain/list-rules';
import { defineRoute } from '../../route';
import { assertOwner, readableList } from './readable';
import { rulesSchema, validateSchema, validationSchema } from './schema';

const rules = defineRoute({
  method: 'get',
  path: '/lists/rules',
  summary: 'What a list may not say, and what a moderator looks at first',
  description: 'The same for everybody, and carried out by a machine; only people decide about what is flagged.',
  tags: ['Lists'],
  permission: 'anyone',
  responses: { 200: rulesSchema },
  handler: async () => {
    const items = listRuleCodes.map((code) => ({ code, ...listRules[code] }));
    return Promise.resolve({ status: 200 as const, body: { items, mostEntries } });
  },
});

const validate = defineRoute({
  method: 'post',
  path: '/lists/validate',
  summary: 'What the rules would say of a list or its next version',
  description: 'Changes nothing and keeps nothing.',
  tags: ['Lists'],
  permission: 'user',
  scope: 'read',
  body: validateSchema,
  responses: { 200: validationSchema },
  handler: async ({ user, body, em }) => {
    const list = body.listId === undefined ? null : await readableList(em, body.listId, user.userId);
    if (list) assertOwner(list);
    const counting = list && (await versionId(em, list.id, list.latestVersion));
    const { findings } = await examine(em, list?.id ?? null, {
      shared: body.visibility ? body.visibility !== 'private' : list === null || isShared(list),
      name: body.name ?? list?.name ?? '',
      description: body.description ?? list?.description ?? '',
      criteria: body.criteria ?? list?.criteria ?? '',
      note: body.note ?? null,
      entries:
        body.entries?.map(({ artistId, reason = null }) => ({ artistId, reason })) ??
        (counting ? await artistsOfVersion(em, counting) : []),
    });
    const waits = findings.length > 0 || (list?.inReview ?? null) !== null;
    const told = findings.slice(0, 100).map((finding) => ({ ...finding, message: listRules[finding.code].text }));
    const outcome =
      blocking(findings).length > 0 ? ('blocked' as const) : waits ? ('waits' as const) : ('publishes' as const);
    return { status: 200, body: { outcome, total: findings.length, findings: told } };
  },
});

export const listRuleRoutes = [rules, validate];
