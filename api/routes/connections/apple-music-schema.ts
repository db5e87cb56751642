import { z } from 'zod';
import { moment } from '../auth/schema';
import { connectionSchema } from './schema';

export const developerTokenSchema = z
  .object({
    token: z.string(),
    expiresAt: moment,
    musicKitUrl: z.url().meta({ description: 'The script to load: Apple’s MusicKit JS, or the sandbox’s stand-in.' }),
  })
  .meta({ id: 'AppleMusicDeveloperToken' });

export const appleMusicConsentSchema = z
  .object({
    // What a header can carry: anything else could not be Apple's.
    musicUserToken: z.string().regex(/^[\x21-\x7e]{20,4000}$/, 'Not a Music User Token'),
    connectionId: z
      .uuid()
      .optional()
      .meta({ description: 'The connection to renew. Nobody can check that it is the same account.' }),
  })
  .meta({ id: 'AppleMusicConsent' });

export const appleMusicConnectionSchema = connectionSchema
  .extend({
    jobId: z.uuid().nullable().meta({ description: 'The library sync that this started, if any.' }),
  })
  .meta({ id: 'AppleMusicConnection' });
