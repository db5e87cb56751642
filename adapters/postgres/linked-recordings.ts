/**
 * Which tracks of the catalog imported recordings are: by ISRC, by URI, and by matches that are accepted, but for those that a
 * person has told apart: `recording_id, track_id`.
 * @param recordings a relation with a `recording_id`
 */
export const tracksOfRecordings = (recordings: string): string =>
  `select l.recording_id, t.id as track_id from ${recordings} given join recording_links l using (recording_id)
     join tracks t on upper(replace(t.isrc, '-', '')) = l.value where l.kind = 'isrc'
   union select l.recording_id, t.id from ${recordings} given join recording_links l using (recording_id)
     join tracks t on t.uri = l.value where l.kind = 'uri'
   union select m.other_id, t.id from ${recordings} given join recording_matches m on m.other_id = given.recording_id
     join tracks t on t.id = m.one_id where m.state = 'accepted'
   except select m.other_id, m.one_id from ${recordings} given join recording_matches m on m.other_id = given.recording_id
     where m.state = 'rejected'`;

/**
 * The same from the other side.
 * @param tracks a relation of tracks with `id`, `isrc` (plain: upper case, no hyphens) and `uri`
 */
export const recordingsOfTracks = (tracks: string): string =>
  `select l.recording_id, t.id as track_id from ${tracks} t join recording_links l on l.kind = 'isrc' and l.value = t.isrc
   union select l.recording_id, t.id from ${tracks} t join recording_links l on l.kind = 'uri' and l.value = t.uri
   union select r.id, t.id from ${tracks} t join recording_matches m on m.one_id = t.id join recordings r on r.id = m.other_id
     where m.state = 'accepted'
   except select m.other_id, t.id from ${tracks} t join recording_matches m on m.one_id = t.id where m.state = 'rejected'`;
