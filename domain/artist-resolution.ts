import type { ArtistProfile } from './linkage/artist';
import { type ArtistSubject, nameLikeness, nameSpelling } from './linkage/artist-features';
import { matchArtists } from './linkage/artists';
import { type Band, bandOf, bandsFrom } from './linkage/score';
import type { Evidence } from './linkage/weights';

/** An artist of the catalog who may be meant, with how sure that is and why. */
export interface RatedArtist {
  artistId: string;
  score: number;
  band: Band;
  evidence: Evidence<ArtistSubject>[];
}

/**
 * Whom a name, with whatever else is known of its artist, means. `accept`: this one · `review`: perhaps one of the candidates ·
 * `new`: nobody here. `provider_id`: an id says it by itself.
 */
export interface ArtistResolution {
  band: Band;
  by: 'provider_id' | 'evidence';
  /** Whom it is; null unless that is accepted. */
  artistId: string | null;
  /** Of the first candidate; null where there is none, or an id says it. */
  score: number | null;
  /** Why nobody is accepted although somebody would be. */
  doubt: 'ids_disagree' | 'several_artists' | null;
  /** The likeliest first. */
  candidates: RatedArtist[];
}

/** As many as somebody would look through. */
export const mostCandidates = 5;
/** Names that have less than this in common are no candidates, whatever else is: who is on one recording together shares it. */
const leastLikeness = 0.5;
/** Names spelled less alike than this are never joined unasked, for the same reason: a group and its singer, two of one family. */
const surelyAlike = 0.8;
const mostUnlike = bandsFrom.accept - 0.01;

/** What the ids of an artist say by themselves; null where the catalog has none of them. */
export function resolveByIds(artistIds: readonly string[]): ArtistResolution | null {
  const [artistId, ...others] = new Set(artistIds);
  if (artistId === undefined) return null;
  const by = 'provider_id';
  if (others.length === 0) return { band: 'accept', by, artistId, score: null, doubt: null, candidates: [] };
  const candidates = [artistId, ...others].map((id) => ({
    artistId: id,
    score: bandsFrom.review,
    band: 'review' as const,
    evidence: [],
  }));
  return { band: 'review', by, artistId: null, score: null, doubt: 'ids_disagree', candidates };
}

/**
 * What names and evidence say. Several who are each as good as accepted are left to a person. Whoever bears the very name is shown also
 * where it is a plain word that longer names have more of.
 */
export function resolveByEvidence(
  asked: ArtistProfile,
  known: readonly { artistId: string; profile: ArtistProfile }[],
): ArtistResolution {
  const rated = known
    .flatMap(({ artistId, profile }) => {
      const one = rateArtists(asked, profile);
      return one ? [{ artistId, ...one, named: nameLikeness(asked, profile) === 1 }] : [];
    })
    .sort((a, b) => b.score - a.score || (a.artistId < b.artistId ? -1 : 1));
  const [first, second] = rated;
  const inOrder = new Set([...rated.slice(0, 1), ...rated.filter(({ named }) => named), ...rated]);
  const kept = new Set([...inOrder].slice(0, mostCandidates));
  const candidates = rated.filter((one) => kept.has(one)).map(({ named: _, ...one }) => one);
  const several = first?.band === 'accept' && second?.band === 'accept';
  return {
    band: several ? 'review' : (first?.band ?? 'new'),
    by: 'evidence',
    artistId: first?.band === 'accept' && !several ? first.artistId : null,
    score: first?.score ?? null,
    doubt: several ? 'several_artists' : null,
    candidates,
  };
}

/** How sure it is that two artists are one; null where their names have too little in common, or an id says that they are two. */
export function rateArtists(one: ArtistProfile, other: ArtistProfile): Omit<RatedArtist, 'artistId'> | null {
  if (nameLikeness(one, other) < leastLikeness) return null;
  const [here, there] = [one.providerIds.musicbrainz ?? [], other.providerIds.musicbrainz ?? []];
  // MusicBrainz tells namesakes apart on purpose.
  if (here.length > 0 && there.length > 0 && !here.some((id) => there.includes(id))) return null;
  const { score, evidence } = matchArtists(one, other);
  const bounded = nameSpelling(one, other) < surelyAlike ? Math.min(score, mostUnlike) : score;
  return { score: bounded, band: bandOf(bounded), evidence };
}
