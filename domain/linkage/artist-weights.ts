import type { ArtistFeature } from './artist-features';
import type { Weights } from './weights';

/** Fitted by `npm run bench -- linkage FILE --fit` to the situations of `artist-examples.ts`. */
export const artistWeights: Weights<ArtistFeature> = {
  bias: -7.4444,
  nameLike: 6.2956,
  nameVery: 3.4645,
  namePlain: -2.0197,
  sharedRecordings: 3.1417,
  sharedTitles: 1.5077,
  otherTitles: -0.1336,
  sharedAlbums: 3.3058,
  otherAlbums: -3.5717,
  sharedGenres: -0.0499,
  otherGenres: -3.6737,
  otherProviderId: -3.6737,
};
