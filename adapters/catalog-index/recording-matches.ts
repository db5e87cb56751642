import { recordingOf } from '../../domain/linkage/recording';
import { factsOf, pairOf, type SourcedRecording } from '../../domain/linkage/sourced-recording';
import { isOutOfQuestion, matchSourced } from '../../domain/linkage/sourced-recordings';
import { plainTitle } from '../../domain/linkage/title-doubt';
import { nameKey } from '../../domain/name-keys';
import type { VectorDatabase } from '../lancedb/database';
import { recordingCandidates, recordingTable } from '../lancedb/recordings';
import { VectorTable } from '../lancedb/vector-table';
import type { EntityManager } from '../postgres/orm';
import type { ProposedMatch } from '../postgres/recording-matches';
import {
  type ArtistWork,
  idsByIdentifiers,
  knownSources,
  sourcedRecordings,
  worksOfArtists,
} from '../postgres/sourced-recordings';

/** Questions that are put to the index at once. */
const atOnce = 8;

/**
 * Looks for the same recordings at other sources: by ISRCs and addresses; among what the same artists perform, by equal titles; and by
 * the index of texts, which is dearer, only where there are sources of which these have found nothing.
 * @param known pairs that were found before, by either side; they are compared again
 */
export async function findMatches(
  em: EntityManager,
  vectors: VectorDatabase,
  ids: readonly string[],
  known: ReadonlyMap<string, readonly string[]>,
): Promise<ProposedMatch[]> {
  const asked = [...(await sourcedRecordings(em, ids)).values()];
  const blocks = await gatherBlocks(em, asked);
  const near = asked.map((one) => [...new Set([...(known.get(one.id) ?? []), ...blocks(one)])]);
  const found = await compare(em, asked, near);
  const sources = await knownSources(em);
  const open = asked.filter((one, at) => {
    const told = new Set([one.source, ...(found[at] ?? []).map(({ source }) => source)]);
    return sources.some((source) => !told.has(source));
  });
  const byText = await compare(em, open, await search(vectors, open));
  return [...found, ...byText].flat().map(({ match }) => match);
}

/** What each may be the same as, and where that is from. */
async function compare(
  em: EntityManager,
  asked: readonly SourcedRecording[],
  candidates: readonly (readonly string[])[],
): Promise<{ source: string; match: ProposedMatch }[][]> {
  const all = await sourcedRecordings(em, [...new Set(candidates.flat())]);
  return asked.map((one, at) =>
    (candidates[at] ?? []).flatMap((id) => {
      const other = all.get(id);
      if (!other || other.source === one.source || isOutOfQuestion(one, other)) return [];
      const pair = pairOf(one, other);
      const { band, ...match } = matchSourced(...pair);
      const [oneId, otherId] = [pair[0].id, pair[1].id];
      return band === 'new' ? [] : [{ source: other.source, match: { oneId, otherId, band, ...match } }];
    }),
  );
}

async function gatherBlocks(
  em: EntityManager,
  asked: readonly SourcedRecording[],
): Promise<(of: SourcedRecording) => string[]> {
  const identifiers = await idsByIdentifiers(em, {
    isrcs: [...new Set(asked.flatMap(({ isrcs }) => isrcs))],
    addresses: [...new Set(asked.flatMap(({ addresses }) => addresses))],
  });
  const artists = (of: SourcedRecording) => of.performers.flatMap(({ artistId }) => artistId ?? []);
  const titled = new Map<string, ArtistWork[]>();
  for (const work of await worksOfArtists(em, [...new Set(asked.flatMap(artists))])) {
    const key = `${work.artistId} ${titleKey(work)}`;
    titled.set(key, [...(titled.get(key) ?? []), work]);
  }
  return (of) => [
    ...[...of.isrcs, ...of.addresses].flatMap((value) => identifiers.get(value) ?? []),
    ...artists(of)
      .flatMap((artistId) => titled.get(`${artistId} ${titleKey(of)}`) ?? [])
      .flatMap(({ id, source }) => (source === of.source ? [] : [id])),
  ];
}

const titleKey = ({ title }: { title: string }) => nameKey(plainTitle(title));

async function search(vectors: VectorDatabase, asked: readonly SourcedRecording[]): Promise<string[][]> {
  const table = new VectorTable(vectors, recordingTable);
  const found: string[][] = [];
  for (let at = 0; at < asked.length; at += atOnce)
    found.push(
      ...(await Promise.all(
        asked.slice(at, at + atOnce).map((one) => recordingCandidates(table, one.id, recordingOf(factsOf(one)))),
      )),
    );
  return found;
}
