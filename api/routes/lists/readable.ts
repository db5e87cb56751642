import { findList, holdList, type ListRow } from '../../../adapters/postgres/lists';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { DomainError } from '../../../domain/errors';
import type { Role } from '../../../domain/roles';

/** A list that the person may read; more of it by their roles, where those are given. Throws DomainError `not_found`. */
export async function readableList(
  em: EntityManager,
  id: string,
  userId: string,
  roles: readonly Role[] = [],
): Promise<ListRow> {
  const list = await findList(em, id, userId, roles);
  if (!list) throw new DomainError('not_found');
  return list;
}

/** The same, held until the commit. */
export async function heldList(tx: EntityManager, id: string, userId: string): Promise<ListRow> {
  const list = await holdList(tx, id, userId);
  if (!list) throw new DomainError('not_found');
  return list;
}

/** Throws DomainError `owner_only` for anybody but a list's owner. */
export function assertOwner({ part }: ListRow): void {
  if (part !== 'owner') throw new DomainError('owner_only');
}
