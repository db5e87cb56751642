import type { ErrorCode, ErrorExtras } from '../../domain/errors';
import { providerAppHref } from '../../domain/hrefs';

const sentences = {
  spotify_apps_full:
    'Every Spotify app of this installation has as many accounts as Spotify lets it have. Ask its operator for another one, or bring a Spotify app of your own.',
  app_user_not_allowed:
    'Spotify lets only those accounts use this app that its owner has registered in the Developer Dashboard. Ask the operator to register yours, or bring a Spotify app of your own; where the app is your own, register the account there.',
  app_owner_not_premium:
    'Spotify wants the owner of an app in development mode to have Premium. Ask the operator, or bring a Spotify app of an account that has it.',
} as const satisfies Partial<Record<ErrorCode, string>>;

export const needsAnotherApp = (code: string): code is keyof typeof sentences => Object.hasOwn(sentences, code);

/** What a person can do where Spotify does not let an app in question have them. */
export const bringOwnApp = (code: keyof typeof sentences): ErrorExtras => ({
  detail: sentences[code],
  action: { code: 'bring_own_app', href: providerAppHref('spotify') },
});
