import { p } from '@mikro-orm/core';

/** A moment, to the millisecond. */
export const moment = () => p.datetime().length(3);
/** When the row was made, by the database's clock. */
export const madeAt = () => moment().defaultRaw('now()');
/** A bounded list of codes. */
export const codes = () => p.array().columnType('text[]').defaultRaw("'{}'");
/** The artist that a row was given for, where that one has been merged into the one it names. */
export const givenArtist = () => p.uuid().nullable();
/** A counter that grows with each change: `version` in, `409 version_conflict` out. */
export const counter = () => p.integer().default(1);
