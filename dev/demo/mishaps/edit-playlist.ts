import { DemoFailure } from '../demo-failure';
import type { Mishap, Stage } from './mishap';
import { findOwnEdit, withOwnEdit } from './own-edit';

/** The person changes a playlist by hand after the run; the rollback must respect that. */
export function editPlaylist(stage: Stage): Mishap {
  const { sandbox, user } = stage;
  return {
    async between(before, afterRun) {
      const edit = findOwnEdit(before, afterRun, user);
      if (!edit) throw new DemoFailure('The run touched no playlist with room for an edit of its own.');
      const { playlistId, playlistName, insert, after, remove } = edit;
      // The later place first, so that the earlier one is still right.
      await sandbox.editPlaylist(user, playlistId, { op: 'remove', position: remove.place });
      await sandbox.editPlaylist(user, playlistId, { op: 'insert', uris: [insert], position: after.place + 1 });
      stage.say(
        `  The listener edits "${playlistName}": puts a song in at place ${after.place + 2} and takes another out at place ${remove.place + 1}.`,
      );
      stage.say('  Both must stay as the listener made them, while everything else comes back around them.');
      return withOwnEdit(before, await sandbox.library(user), edit);
    },
  };
}
