import { connectionSchema } from './schema';

/** What asking now came to: the connection as it stands. 202 where the answer is still awaited; look again a little later. */
export const checkedResponses = { 200: connectionSchema, 202: connectionSchema };
