import type { z } from 'zod';
import type { OffenseReader, StoredEvidence, StoredOffense } from '../../../adapters/postgres/offense-reads';
import { offenseStatusMeanings } from '../../../domain/offenses';
import type { Caller } from '../../context';
import { permissions } from '../../../domain/roles';
import type { evidenceSchema, offenseSchema } from './schema';

export const readerOf = ({ userId, roles }: Caller): OffenseReader => ({
  userId,
  staff: roles.some((role) => (permissions.staff.roles as readonly string[]).includes(role)),
});

/** Who submitted something is for staff and themselves. */
const submitterFor = ({ userId, staff }: OffenseReader, submitterId: string | null): string | null =>
  staff || submitterId === userId ? submitterId : null;

export function presentOffense(offense: StoredOffense, reader: OffenseReader): z.input<typeof offenseSchema> {
  const { artistId, artistName, submitterId, caseState, restrictedUntil, createdAt, decidedAt, ...shown } = offense;
  const mine = submitterId === reader.userId;
  return {
    ...shown,
    artist: { id: artistId, name: artistName },
    statusMeaning: offenseStatusMeanings[offense.status],
    restrictedUntil: restrictedUntil?.toISOString() ?? null,
    mine,
    submitterId: submitterFor(reader, submitterId),
    caseState: mine || reader.staff ? caseState : null,
    createdAt: createdAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
  };
}

export function presentEvidence(
  { submitterId, retrievedAt, createdAt, ...shown }: StoredEvidence,
  reader: OffenseReader,
): z.input<typeof evidenceSchema> {
  return {
    ...shown,
    submitterId: submitterFor(reader, submitterId),
    retrievedAt: retrievedAt.toISOString(),
    createdAt: createdAt.toISOString(),
  };
}
