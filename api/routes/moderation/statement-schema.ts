import { z } from 'zod';
import { type Measure, measures, type StatementOfReasons } from '../../../domain/moderation';
import { currentPolicy, findRule } from '../../../domain/policies';
import { DomainError } from '../../../domain/errors';

/** Why something is decided, as whoever decides says it; the policy is the one that holds now. */
export const statementBody = z
  .strictObject({
    measure: z.enum(measures),
    until: z.iso.datetime({ offset: true }).optional().meta({ description: 'When it ends by itself; for `restrict`.' }),
    facts: z.string().trim().min(20).max(5_000).meta({ description: 'What was found, in words for whom it concerns.' }),
    rule: z.string().max(60).meta({ description: 'A rule of the policy that holds now: `GET policies/current`.' }),
    automated: z.boolean().default(false).meta({ description: 'Whether automated means helped to find or decide it.' }),
  })
  .meta({ id: 'StatementOfReasonsInput' });

/** The statement that was given, checked beyond its shape. Throws DomainError `invalid_request`. */
export function statementOf(
  body: z.output<typeof statementBody>,
  { allowed, now }: { allowed: readonly Measure[]; now: Date },
): StatementOfReasons {
  const { measure, facts, rule, automated } = body;
  const until = body.until === undefined ? null : new Date(body.until);
  if (!allowed.includes(measure)) throw invalidStatement('measure', 'not_allowed', `One of ${allowed.join(', ')}`);
  if (!findRule(currentPolicy.version, rule))
    throw invalidStatement('rule', 'unknown', 'A rule of the policy that holds now');
  if ((measure === 'restrict') !== (until !== null) && measure !== 'suspend')
    throw invalidStatement('until', 'mismatch', 'Given with `restrict`, and with nothing else');
  if (until && until <= now) throw invalidStatement('until', 'out_of_range', 'In the future');
  return { measure, until, facts, automated, policyVersion: currentPolicy.version, rule };
}

/** A fault of a statement as a whole. */
export function invalidStatement(field: string, code: string, message: string): DomainError {
  return new DomainError('invalid_request', { errors: [{ path: `body.statement.${field}`, code, message }] });
}
