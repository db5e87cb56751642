import { z } from 'zod';
import { roles, tokenScopes } from '../../../domain/roles';
import { withoutUnstorable } from '../../../domain/storable-text';

export const moment = z.iso.datetime();
export const idParams = z.object({ id: z.uuid() });

export const userSchema = z
  .object({
    id: z.uuid(),
    displayName: z.string(),
    email: z.string().nullable(),
    roles: z.array(z.enum(roles)),
  })
  .meta({ id: 'User' });
export const suspensionSchema = z
  .object({
    id: z.uuid(),
    reason: z.string(),
    since: moment,
    until: moment.nullable().meta({ description: 'When it ends by itself; null where somebody has to end it.' }),
  })
  .meta({ id: 'Suspension' });
export const currentSessionSchema = z.object({ user: userSchema }).meta({ id: 'CurrentSession' });

export const sessionSchema = z
  .object({
    id: z.uuid(),
    current: z.boolean().meta({ description: 'Whether this request came with it.' }),
    userAgent: z.string().nullable(),
    createdAt: moment,
    lastSeenAt: moment,
    expiresAt: moment,
  })
  .meta({ id: 'Session' });

export const tokenSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    scopes: z.array(z.enum(tokenScopes)),
    createdAt: moment,
    lastUsedAt: moment.nullable(),
    expiresAt: moment,
  })
  .meta({ id: 'PersonalToken' });
export const newTokenSchema = tokenSchema
  .extend({ token: z.string().meta({ description: 'Shown this once.' }) })
  .meta({ id: 'NewPersonalToken' });
export const createTokenSchema = z
  .object({
    name: z.string().trim().min(1).max(100),
    scopes: z
      .array(z.enum(tokenScopes))
      .min(1)
      .transform((scopes) => [...new Set(scopes)]),
    expiresAt: z.iso.datetime({ offset: true }).meta({ description: 'In the future, at most a year ahead.' }),
  })
  .meta({ id: 'CreatePersonalToken' });

export const providersSchema = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        configured: z.boolean(),
        startUrl: z.string(),
        redirectUri: z.string().meta({ description: 'To be registered at the provider.' }),
      }),
    ),
  })
  .meta({ id: 'SignInProviders' });

export const returnToQuery = z.object({
  returnTo: z
    .string()
    .default('/')
    .meta({ description: 'A path of this API’s own pages, or an address of a configured web origin.' }),
});

// A browser is sent on whatever it brings: what cannot be is looked up and not found.
const word = z.string().max(4000).transform(withoutUnstorable).optional();
/** What a provider may send back; everything else in the address is left where it is. */
export const callbackQuery = z.object({ state: word, code: word, iss: word, error: word });
/** The same as a form, with what Apple adds; the form's own limit holds for those. */
export const callbackForm = z.object({
  state: word,
  code: word,
  error: word,
  user: z.string().transform(withoutUnstorable).optional(),
  id_token: z.string().transform(withoutUnstorable).optional(),
});
