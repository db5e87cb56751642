import { nameKey } from '../name-keys';
import { spellingLikeness } from './likeness';
import { type Recording, type RecordingFacts, recordingOf } from './recording';
import { compareRecordings, recordingFeatures, type RecordingSubject } from './recording-features';
import { recordingWeights } from './recording-weights';
import { acceptRecordingOdds } from './recordings';
import { type Band, bandOf, bandsFrom, scoreOf } from './score';
import { comparePerformers, factsBeside, type Performers, type SourcedRecording } from './sourced-recording';
import { sameTitle, titleDoubt, titleDoubts } from './title-doubt';
import { type Evidence, evidenceOf, logOdds } from './weights';

/** What two recordings were found by: an ISRC that both have, a provider's address that both name, or else by everything that is written about them. */
export const matchMeans = ['isrc', 'address', 'linkage'] as const;
export type MatchMeans = (typeof matchMeans)[number];

/** What keeps two from being taken for one unasked, beside what titles say. */
export const recordingDoubts = [...titleDoubts, 'length', 'length_unknown', 'artist', 'isrc'] as const;
export type RecordingDoubt = (typeof recordingDoubts)[number];
/** With one of these, two are not even asked about unless they share an ISRC or an address: parts and versions are told on purpose. */
const telling: readonly RecordingDoubt[] = ['number', 'version', 'length'];

/** How sure it is that two sources have the same recording, and why. */
export interface SourcedMatch {
  means: MatchMeans;
  score: number;
  band: Band;
  doubts: RecordingDoubt[];
  evidence: Evidence<RecordingSubject | 'isrc' | 'address'>[];
}

/** Log odds, not fitted, for lack of a file that has ISRCs: registrants give each recording its own, and re-use few. */
const identifierOdds = { shared: 8, otherIsrc: -4 } as const;
/** Of one recording the lengths that sources tell differ by so many seconds at most. */
const farApart = 5;
/** The least that names, or albums, which are spelled with a slip have in common. */
const sameName = 0.88;

/**
 * Whether two sources have the same recording: the fitted weights over plain titles, performers, albums, years and lengths, and
 * ISRCs and addresses on top. A doubt is never accepted; what shares an ISRC or an address without any always is, and with one is
 * asked about. Performers that the catalog knows as others sing something else, whatever they are called.
 */
export function matchSourced(one: SourcedRecording, other: SourcedRecording): SourcedMatch {
  const [mine, theirs] = factsBeside(one, other);
  const performers = comparePerformers(one, other);
  const means = meansOf(one, other);
  const doubts = doubtsOf({ mine, theirs, performers, means, otherIsrcs: hasOtherIsrcs(one, other) });
  // What is known to be the same is compared as the same, however it is written.
  const compared = {
    ...theirs,
    artist: performers === 'shared' ? mine.artist : theirs.artist,
    title: sameTitle(nameKey(mine.title), nameKey(theirs.title)) ? mine.title : theirs.title,
  };
  const values = compareRecordings(recordingOf(mine), recordingOf(compared));
  const identifiers = identifierEvidence(one, other);
  const odds =
    logOdds(recordingWeights, recordingFeatures, values) + identifiers.reduce((sum, { odds: more }) => sum + more, 0);
  const score = bounded(scoreOf(odds, acceptRecordingOdds), { doubts, means, performers });
  return {
    means,
    score,
    band: bandOf(score),
    doubts,
    evidence: [...evidenceOf(recordingWeights, recordingFeatures, values), ...identifiers],
  };
}

/** What makes two recordings of two, known without comparing what is written about them: `matchSourced` would say `new`. */
export function isOutOfQuestion(one: SourcedRecording, other: SourcedRecording): boolean {
  if (meansOf(one, other) !== 'linkage') return false;
  return areFarApart(one, other) || comparePerformers(one, other) === 'apart';
}

function bounded(
  score: number,
  { doubts, means, performers }: { doubts: readonly RecordingDoubt[]; means: MatchMeans; performers: Performers },
): number {
  const known = means !== 'linkage';
  if (!known && (performers === 'apart' || doubts.some((doubt) => telling.includes(doubt))))
    return Math.min(score, bandsFrom.review - 0.01);
  const most = doubts.length > 0 ? bandsFrom.accept - 0.01 : 1;
  const least = known ? (doubts.length > 0 ? bandsFrom.review : bandsFrom.accept) : 0;
  return Math.min(most, Math.max(least, score));
}

const shared = (one: readonly string[], other: readonly string[]) => one.some((value) => other.includes(value));
const hasOtherIsrcs = (one: SourcedRecording, other: SourcedRecording) =>
  one.isrcs.length > 0 && other.isrcs.length > 0 && !shared(one.isrcs, other.isrcs);

function meansOf(one: SourcedRecording, other: SourcedRecording): MatchMeans {
  if (shared(one.isrcs, other.isrcs)) return 'isrc';
  return shared(one.addresses, other.addresses) ? 'address' : 'linkage';
}

function identifierEvidence(one: SourcedRecording, other: SourcedRecording): Evidence<'isrc' | 'address'>[] {
  const isrc = shared(one.isrcs, other.isrcs) ? identifierOdds.shared : identifierOdds.otherIsrc;
  return [
    ...(shared(one.isrcs, other.isrcs) || hasOtherIsrcs(one, other) ? [{ subject: 'isrc' as const, odds: isrc }] : []),
    ...(shared(one.addresses, other.addresses) ? [{ subject: 'address' as const, odds: identifierOdds.shared }] : []),
  ];
}

interface Doubted {
  mine: RecordingFacts;
  theirs: RecordingFacts;
  performers: Performers;
  means: MatchMeans;
  otherIsrcs: boolean;
}

function doubtsOf({ mine, theirs, performers, means, otherIsrcs }: Doubted): RecordingDoubt[] {
  const keyed = ({ title, seconds }: RecordingFacts) => ({ title: nameKey(title), seconds });
  return [
    ...writtenDoubts(keyed(mine), keyed(theirs)),
    ...(means === 'linkage' && lacksMeasure(mine, theirs) ? (['length_unknown'] as const) : []),
    ...(performersDoubtful(mine, theirs, performers, means) ? (['artist'] as const) : []),
    ...(otherIsrcs ? (['isrc'] as const) : []),
  ];
}

type Written = Pick<Recording, 'title' | 'seconds'>;

/** What is said of two that nobody says of one, whatever they score. Titles are as `nameKey` leaves them. */
export function writtenDoubts(one: Written, other: Written): RecordingDoubt[] {
  const title = titleDoubt(one.title, other.title);
  return [...(title ? [title] : []), ...(areFarApart(one, other) ? (['length'] as const) : [])];
}

const areFarApart = (one: { seconds: number | null }, other: { seconds: number | null }) =>
  one.seconds !== null && other.seconds !== null && Math.abs(one.seconds - other.seconds) > farApart;

/** A song is recorded more than once: without a length or an album to tell by, title and performers say too little. */
function lacksMeasure(mine: RecordingFacts, theirs: RecordingFacts): boolean {
  if (mine.seconds !== null && theirs.seconds !== null) return false;
  return spellingLikeness(nameKey(mine.album), nameKey(theirs.album)) < sameName;
}

function performersDoubtful(
  mine: RecordingFacts,
  theirs: RecordingFacts,
  performers: Performers,
  means: MatchMeans,
): boolean {
  if (performers === 'shared') return false;
  if (performers === 'unknown') return means === 'linkage';
  return spellingLikeness(nameKey(mine.artist), nameKey(theirs.artist)) < sameName;
}
