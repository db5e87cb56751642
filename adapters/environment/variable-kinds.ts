import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';

export const port = (fallback: number, what: string) =>
  z.coerce.number().int().min(1).max(65535).default(fallback).describe(`${what}.`);
export const flag = (fallback: boolean, what: string) =>
  z
    .enum(['true', 'false', '1', '0'])
    .default(fallback ? 'true' : 'false')
    .transform((value) => value === 'true' || value === '1')
    .describe(what);
export const perMinute = (fallback: number, what: string) =>
  z.coerce.number().int().min(1).max(1_000_000).default(fallback).describe(what);
export const most = (fallback: number, what: string) =>
  z.coerce.number().int().min(1).max(1_000_000).default(fallback).describe(what);
export const days = (fallback: number, what: string) =>
  z.coerce.number().positive().max(400).default(fallback).describe(what);
/** An ε of at most three places. */
export const epsilon = (fallback: number, most: number, what: string) =>
  z.coerce
    .number()
    .min(0.001)
    .max(most)
    .refine((value) => Math.abs(value * 1_000 - Math.round(value * 1_000)) < 1e-9, 'has more than three places')
    .default(fallback)
    .describe(what);
export const optional = (what: string) => z.string().min(1).optional().describe(what);
export const url = (what: string) => z.url().optional().describe(what);

/** A key ring `kid:base64url,kid:base64url`: the first key is used for what is new, all of them for what there is. Each key has 32 bytes. */
export const keyRing = z.string().transform((text, context) => {
  const keys = text.split(',').map((entry) => {
    const [kid, key] = entry.trim().split(':');
    return { kid: kid ?? '', key: Buffer.from(key ?? '', 'base64url') };
  });
  if (keys.some(({ kid, key }) => !/^[A-Za-z0-9_-]{1,32}$/.test(kid) || key.length !== 32)) {
    context.addIssue({ code: 'custom', message: 'must be kid:key pairs, each key 32 bytes in base64url' });
    return z.NEVER;
  }
  if (new Set(keys.map(({ kid }) => kid)).size !== keys.length) {
    context.addIssue({ code: 'custom', message: 'names a key id twice' });
    return z.NEVER;
  }
  return keys;
});

/** The `.p8` file's text; line breaks may be written as `\\n`. */
export const applePrivateKey = (service: string) =>
  z
    .string()
    .transform((text, context) => {
      const pem = text.replaceAll('\\n', '\n');
      try {
        if (createPrivateKey(pem).asymmetricKeyDetails?.namedCurve === 'prime256v1') return pem;
      } catch {
        // Said below, without the text: it may be a key after all.
      }
      context.addIssue({ code: 'custom', message: 'must be a P-256 private key in PEM' });
      return z.NEVER;
    })
    .optional()
    .describe(`Private key for ${service}, PEM; line breaks may be written as \\n.`);
/** Calls of one quota share a gate. */
export const quotaName = (fallback: string, what: string) =>
  z
    .string()
    .regex(/^[a-z0-9_-]{1,40}$/)
    .default(fallback)
    .describe(what);
export const callsPerSecond = (what: string) => z.coerce.number().positive().max(1000).default(20).describe(what);
