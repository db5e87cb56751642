import { offensesEnabled } from '../../../adapters/postgres/operator-switches';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { DomainError } from '../../../domain/errors';

/**
 * For every route about offenses, their categories and what goes by them: throws DomainError `offenses_disabled` where the operator has
 * switched them off. It is a 404, since no role and no other request opens what is not there at this place.
 */
export async function requireOffenses(em: EntityManager): Promise<void> {
  if (!(await offensesEnabled(em))) throw new DomainError('offenses_disabled');
}
