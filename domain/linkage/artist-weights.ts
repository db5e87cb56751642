import type { ArtistFeature } from './artist-features';
import type { Weights } from './weights';

/** Fitted by `npm run bench -- linkage FILE --fit` to the situations of `artist-examples.ts`. */
export const artistWeights: Weights<ArtistFeature> = {
  bias: -7.6279,
  nameEqual: -3.0726,
  nameSounds: 0.6964,
  nameLike: 4.7896,
  nameVery: 6.7036,
  namePlain: -0.3949,
  sharedRecordings: 3.0553,
  sharedTitles: 1.4592,
  otherTitles: -0.1358,
  sharedAlbums: 3.2241,
  otherAlbums: -3.3449,
  sharedGenres: -0.0562,
  otherGenres: -3.4486,
  otherProviderId: -3.4486,
};
