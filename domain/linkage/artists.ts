import type { ArtistProfile } from './artist';
import { artistFeatures, type ArtistSubject, compareArtists } from './artist-features';
import { artistWeights } from './artist-weights';
import { type Band, bandOf, bandsFrom, scoreOf } from './score';
import { type Evidence, evidenceOf, logOdds } from './weights';

/** Log odds from which two artists are taken for one unasked. */
export const acceptArtistOdds = 2.5;

/** How sure it is that two artists are one, and why. */
export interface ArtistMatch {
  score: number;
  band: Band;
  evidence: Evidence<ArtistSubject>[];
}

/** The most that names alone come to: homonyms are common, and a wrong merge hurts two artists. */
const mostByName = bandsFrom.accept - 0.01;
/** Log odds that all else has to add for more: a recording, an album or two titles do, a single title ("Intro") does not. */
const leastBeside = 1;

/** Only what else is in common, beside a name, makes two artists one unasked. */
export function matchArtists(one: ArtistProfile, other: ArtistProfile): ArtistMatch {
  const values = compareArtists(one, other);
  const evidence = evidenceOf(artistWeights, artistFeatures, values);
  const score = scoreOf(logOdds(artistWeights, artistFeatures, values), acceptArtistOdds);
  const beside = evidence.reduce((sum, { subject, odds }) => (subject === 'name' ? sum : sum + odds), 0);
  const bounded = beside >= leastBeside ? score : Math.min(score, mostByName);
  return { score: bounded, band: bandOf(bounded), evidence };
}
