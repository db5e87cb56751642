import { z } from 'zod';
import type { Config } from '../../adapters/environment/config';
import { DomainError, errorCodes, type ErrorCode, type ErrorExtras } from '../../domain/errors';
import type { AppContext } from '../context';
import { mergeHref } from '../../domain/hrefs';
import { bringOwnApp, needsAnotherApp } from './bring-own-app';
import { flowProviders, type FlowProviderId } from './providers';
import { landingAddress, type Landing } from './return-to';

/** How a callback ends: back where the flow was started from, or on to another address first. */
export type Ending = { kind: 'landed'; returnTo: string; landing: Landing } | { kind: 'sent_on'; location: string };

export const landed = (returnTo: string, landing: Landing): Ending => ({ kind: 'landed', returnTo, landing });
export const sentOn = (location: string): Ending => ({ kind: 'sent_on', location });

/** What a program that asks for JSON gets where a browser would land. */
export const flowResultSchema = z
  .object({
    result: z.literal('ok'),
    returnTo: z.string(),
    connectionId: z.uuid().nullable(),
    jobId: z.uuid().nullable(),
  })
  .meta({ id: 'FlowResult' });

type Answer = { status: 200; body: z.input<typeof flowResultSchema> } | { status: 303; headers: { Location: string } };

/**
 * A callback's answer: browsers are sent on, programs (those that would rather have JSON than a page) get the result, or its
 * failure thrown as a DomainError.
 */
export function answerEnding(ctx: AppContext, config: Config, provider: FlowProviderId, ending: Ending): Answer {
  ctx.vary('Accept');
  if (ending.kind === 'sent_on') return { status: 303, headers: { Location: ending.location } };
  const { returnTo, landing } = ending;
  if (ctx.accepts('html', 'json') !== 'json')
    return { status: 303, headers: { Location: landingAddress(returnTo, config.apiUrl, landing) } };
  const { error, connectionId = null, jobId = null } = landing;
  if (error === undefined) return { status: 200, body: { result: 'ok', returnTo, connectionId, jobId } };
  throw new DomainError(isCode(error) ? error : 'internal_error', wayOut(provider, landing));
}

const isCode = (text: string): text is ErrorCode => text in errorCodes;

/** What can be done about it, where there is something other than trying again. */
function wayOut(provider: FlowProviderId, { error, mergeId }: Landing): ErrorExtras {
  if (error === 'account_exists')
    return { action: { code: 'link', href: `/api/v1${flowProviders[provider].base}/start?purpose=link` } };
  if (error !== undefined && needsAnotherApp(error)) return bringOwnApp(error);
  if (!mergeId) return {};
  const href = mergeHref(mergeId);
  return { resource: { type: 'account_merge', id: mergeId, href }, action: { code: 'merge', href } };
}
