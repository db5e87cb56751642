import type { ArtistFeature } from './artist-features';
import type { Weights } from './weights';

/** Fitted by `npm run bench -- linkage FILE --fit` to the situations of `artist-examples.ts`. */
export const artistWeights: Weights<ArtistFeature> = {
  bias: -7.8558,
  nameEqual: -2.2616,
  nameSounds: -1.7627,
  nameLike: 5.6686,
  nameVery: 6.0604,
  namePlain: -1.3728,
  sharedRecordings: 3.1085,
  sharedTitles: 1.4869,
  otherTitles: -0.1337,
  sharedAlbums: 3.275,
  otherAlbums: -3.4218,
  sharedGenres: -0.0534,
  otherGenres: -3.524,
  otherProviderId: -3.524,
};
