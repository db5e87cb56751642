/** Everything that keeps a playlist as a sequence with tombstones, under one name. */
export {
  buryUris,
  liveView,
  sequenceFromLive,
  type LiveItem,
  type PlaylistSequence,
  type SequenceEntry,
} from './playlist-entries';
export { alignWithLive, type Alignment } from './playlist-alignment';
export { reviveActions, type AlreadyBack, type Revival, type Revived } from './playlist-revival';
export { forgetGhosts } from './playlist-forgetting';
export { insertionsBetween, surplusCopies, type Insertion } from './playlist-difference';
export { decodeSequence, encodeSequence } from './playlist-sequence-codec';
