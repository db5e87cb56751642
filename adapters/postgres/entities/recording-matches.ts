import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { MatchMeans, RecordingDoubt } from '../../../domain/linkage/sourced-recordings';
import type { MatchBand, MatchEvidence, MatchState } from '../../../domain/recording-matches';
import { codes, madeAt, moment } from './columns';

/** A recording that two sources may have both, what speaks for it and against it, and what came of it; once for each pair. */
export const RecordingMatch = defineEntity({
  name: 'RecordingMatch',
  tableName: 'recording_matches',
  properties: {
    id: p.uuid().primary(),
    /** Tracks or imported recordings: a track before a recording, else in the order of their ids. */
    oneId: p.uuid(),
    otherId: p.uuid().index(),
    /** What they were found by. */
    means: p.string().length(10).$type<MatchMeans>(),
    state: p.string().length(10).$type<MatchState>(),
    band: p.string().length(10).$type<MatchBand>(),
    score: p.double(),
    doubts: codes().$type<RecordingDoubt[]>(),
    evidence: p.json<MatchEvidence>().defaultRaw("'[]'"),
    proposedAt: madeAt(),
    /** When a person decided; null where the machine alone did. */
    decidedAt: moment().nullable(),
  },
  uniques: [{ properties: ['oneId', 'otherId'] }],
  indexes: [{ properties: ['state', 'id'] }],
});
export type RecordingMatch = InferEntity<typeof RecordingMatch>;
