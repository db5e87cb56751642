import { Migration } from '@mikro-orm/migrations';
import { nameKey } from '../../../domain/name-keys';
import { foldName } from '../../../domain/names';

const pageLength = 2_000;

/** What searches and imports compare of another name of an artist, as of the artist's own. */
export class Migration20261129014000AliasKeys extends Migration {
  override async up(): Promise<void> {
    await this.execute(`alter table "artist_aliases" add "folded_name" text null, add "name_key" text null`);
    for (let names: string[] | null = null; names?.length !== 0;) {
      const rows = (await this.execute(
        `select distinct name from artist_aliases where name_key is null limit ${pageLength}`,
      )) as { name: string }[];
      names = rows.map(({ name }) => name);
      const keys = JSON.stringify(names.map((name) => ({ name, folded: foldName(name), key: nameKey(name) })));
      await this.execute(
        `update artist_aliases a set folded_name = r.folded, name_key = r.key
         from jsonb_to_recordset(?::jsonb) as r(name text, folded text, key text) where a.name = r.name`,
        [keys],
      );
    }
    await this.execute(
      `alter table "artist_aliases" alter column "folded_name" set not null, alter column "name_key" set not null`,
    );
    await this.execute(`create index "artist_aliases_folded_name_index" on "artist_aliases" ("folded_name")`);
    await this.execute(`create index "artist_aliases_name_key_index" on "artist_aliases" ("name_key")`);
    await this.execute(
      `create index artist_aliases_folded_name_trgm on artist_aliases using gin (folded_name gin_trgm_ops)`,
    );
  }

  override down(): void {
    this.addSql(`alter table "artist_aliases" drop column "folded_name", drop column "name_key"`);
  }
}
