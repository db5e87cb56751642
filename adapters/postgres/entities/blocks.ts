import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Artist } from './catalog';
import { codes, counter, madeAt, moment } from './columns';
import { User } from './people';

/** A person's decision that an artist stays out of their music. */
export const Block = defineEntity({
  name: 'Block',
  tableName: 'blocks',
  properties: {
    userId: p.manyToOne(User).mapToPk().primary().fieldName('user_id').deleteRule('cascade'),
    artistId: p.manyToOne(Artist).mapToPk().primary().fieldName('artist_id').deleteRule('cascade').index(),
    note: p.text().nullable(),
    tags: codes(),
    expiresAt: moment().nullable(),
    version: counter(),
    createdAt: madeAt(),
    updatedAt: madeAt(),
  },
});
export type Block = InferEntity<typeof Block>;
