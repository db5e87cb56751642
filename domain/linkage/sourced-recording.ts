import { nameKey } from '../name-keys';
import { likeness } from './likeness';
import type { RecordingFacts } from './recording';
import { plainTitle } from './title-doubt';

/** A recording as one source has it: a track that a provider lists, or what an import describes. */
export interface SourcedRecording {
  id: string;
  kind: 'track' | 'recording';
  /** Within one source nothing is looked for: it knows itself what it has twice. */
  source: string;
  title: string;
  /** In their order. */
  performers: readonly Performer[];
  /** What it is on. */
  albums: readonly { name: string; year: number | null }[];
  seconds: number | null;
  /** Upper case, without hyphens. */
  isrcs: readonly string[];
  /** URIs under which providers list it. */
  addresses: readonly string[];
}

/** With whom of the catalog it is, where that is known. */
export interface Performer {
  artistId: string | null;
  name: string;
}

/** Two in the order in which they are compared and kept: a track before a recording, else by their ids. */
export const pairOf = (one: SourcedRecording, other: SourcedRecording): [SourcedRecording, SourcedRecording] =>
  (one.kind === other.kind ? one.id < other.id : one.kind === 'track') ? [one, other] : [other, one];

/**
 * How the performers of two recordings compare. `shared`: who leads one is on the other · `apart`: the catalog knows them all, and that
 * is not so · `named`: somebody is known by name alone · `unknown`: nobody is named.
 */
export type Performers = 'shared' | 'apart' | 'named' | 'unknown';

export function comparePerformers(one: SourcedRecording, other: SourcedRecording): Performers {
  const [leads, follows] = [one.performers[0], other.performers[0]];
  if (!leads || !follows) return 'unknown';
  const isOn = ({ artistId }: Performer, { performers }: SourcedRecording) =>
    artistId !== null && performers.some((performer) => performer.artistId === artistId);
  if (isOn(leads, other) || isOn(follows, one)) return 'shared';
  const known = [...one.performers, ...other.performers].every(({ artistId }) => artistId !== null);
  return known ? 'apart' : 'named';
}

/** What is compared of two recordings: plain titles, and the two of their albums that are most alike; none where one is on none. */
export function factsBeside(one: SourcedRecording, other: SourcedRecording): [RecordingFacts, RecordingFacts] {
  let best = -1;
  let facts: [RecordingFacts, RecordingFacts] = [factsOf(one, null), factsOf(other, null)];
  for (const mine of one.albums)
    for (const theirs of other.albums) {
      const like = likeness(nameKey(plainTitle(mine.name)), nameKey(plainTitle(theirs.name)));
      if (like > best) [best, facts] = [like, [factsOf(one, mine), factsOf(other, theirs)]];
    }
  return facts;
}

/** As the fitted weights know recordings; these sources say neither number nor language. */
export const factsOf = (
  of: SourcedRecording,
  album: SourcedRecording['albums'][number] | null = of.albums[0] ?? null,
): RecordingFacts => ({
  title: plainTitle(of.title),
  artist: of.performers.map(({ name }) => name).join(' '),
  album: album ? plainTitle(album.name) : '',
  seconds: of.seconds,
  number: '',
  year: album?.year ?? null,
  language: '',
});
