import { Migration } from '@mikro-orm/migrations';
import { nameKey } from '../../../domain/name-keys';

const pageLength = 2_000;
const first = '00000000-0000-0000-0000-000000000000';

/** What two spellings of one artist's name share, so that whoever goes by a name is found at once. */
export class Migration20261128190500ArtistNameKeys extends Migration {
  override async up(): Promise<void> {
    await this.execute(`alter table "artists" add "name_key" text not null default ''`);
    for (let after: string | undefined = first; after !== undefined;) {
      const rows = (await this.execute(
        `select id, name from artists where id > '${after}' order by id limit ${pageLength}`,
      )) as { id: string; name: string }[];
      const keys = JSON.stringify(rows.map(({ id, name }) => ({ id, key: nameKey(name) })));
      await this.execute(
        `update artists a set name_key = r.key from jsonb_to_recordset(?::jsonb) as r(id uuid, key text) where a.id = r.id`,
        [keys],
      );
      after = rows.at(-1)?.id;
    }
    await this.execute(`create index "artists_name_key_index" on "artists" ("name_key")`);
  }

  override down(): void {
    this.addSql(`alter table "artists" drop column "name_key"`);
  }
}
