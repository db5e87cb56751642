import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { madeAt, moment } from './columns';

/** A name that Apple sent with a first callback, until a flow of that account ends well: it is never sent again. */
export const KeptName = defineEntity({
  name: 'KeptName',
  tableName: 'kept_names',
  properties: {
    id: p.uuid().primary(),
    provider: p.string().length(20),
    /** SHA-256 of the stable id that the callback's id_token claims; whether it tells the truth is checked when it is used. */
    subjectHash: p.string().length(64),
    /** JWE: the name, the id_token that came with it and its nonce. */
    sealed: p.text(),
    createdAt: madeAt(),
    expiresAt: moment().index(),
  },
  indexes: [{ properties: ['provider', 'subjectHash'] }],
});
export type KeptName = InferEntity<typeof KeptName>;
