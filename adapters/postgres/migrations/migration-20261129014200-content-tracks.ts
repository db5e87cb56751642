import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Migration } from '@mikro-orm/migrations';
import { trackKeysOf } from '../track-keys';

const unzip = promisify(gunzip);
const pageLength = 100;
const first = '00000000-0000-0000-0000-000000000000';

/** Which tracks a part of a library holds, to be looked through without opening it. */
export class Migration20261129014200ContentTracks extends Migration {
  override async up(): Promise<void> {
    await this.execute(`alter table "library_contents" add "track_keys" bytea not null default ''`);
    for (let after: string | undefined = first; after !== undefined;) {
      const rows = (await this.execute(
        `select id, entries from library_contents where id > '${after}' and kind in ('likes', 'playlist') order by id limit ${pageLength}`,
      )) as { id: string; entries: Buffer }[];
      for (const { id, entries } of rows) {
        const keys = trackKeysOf(JSON.parse((await unzip(entries)).toString('utf8')) as [string | null][]);
        await this.execute(`update library_contents set track_keys = ? where id = ?`, [keys, id]);
      }
      after = rows.at(-1)?.id;
    }
    await this.execute(`alter table "library_contents" alter column "track_keys" drop default`);
  }

  override down(): void {
    this.addSql(`alter table "library_contents" drop column "track_keys"`);
  }
}
