import { z } from 'zod';
import type { SubjectSummary } from '../../../adapters/postgres/case-subjects';
import { decisionSubjectTypes, type DecisionSubject } from '../../../domain/moderation';
import { listHref, offenseHref } from '../../../domain/hrefs';

const named = z.object({ id: z.uuid(), name: z.string() });

export const subjectSchema = z
  .object({
    type: z.enum(decisionSubjectTypes),
    id: z.uuid(),
    title: z.string().nullable().meta({ description: 'Null where it is gone, and for people.' }),
    artist: named.nullable(),
    list: named.nullable(),
    number: z.int().nullable().meta({ description: 'Of a version of a list.' }),
    category: z.string().nullable(),
    status: z.string().nullable(),
    href: z.string().nullable(),
  })
  .meta({ id: 'ModeratedSubject' });

export function presentSubject(
  { type, id }: DecisionSubject,
  summaries: ReadonlyMap<string, SubjectSummary>,
): z.input<typeof subjectSchema> {
  const summary = summaries.get(id);
  if (!summary)
    return { type, id, title: null, artist: null, list: null, number: null, category: null, status: null, href: null };
  return { ...summary, type, href: hrefOf(summary) };
}

function hrefOf({ type, id, list, number }: SubjectSummary): string | null {
  if (type === 'offense') return offenseHref(id);
  if (!list) return null;
  return type === 'list_version' && number !== null ? `${listHref(list.id)}/versions/${number}` : listHref(list.id);
}
