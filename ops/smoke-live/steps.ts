import type { Config } from '../../adapters/environment/config';
import { liveProviders, redirectAddress, type LiveProvider } from './smoke-live';

const consoles: Record<LiveProvider, string> = {
  google: 'https://console.cloud.google.com/auth/clients, the client’s “Authorized redirect URIs”',
  apple: 'https://developer.apple.com/account/resources/identifiers, the Services ID’s “Return URLs”',
  github: 'https://github.com/settings/developers, the app’s “Authorization callback URL”',
  spotify: 'https://developer.spotify.com/dashboard, the app’s “Redirect URIs”',
};
const apps: Record<LiveProvider, string> = {
  google: 'https://myaccount.google.com/connections',
  apple: 'https://account.apple.com, “Sign in with Apple”',
  github: 'https://github.com/settings/applications',
  spotify: 'https://www.spotify.com/account/apps',
};

/** What a person has to do and see, for each configured provider. */
export function stepsLeft(config: Config): string[] {
  return liveProviders
    .filter((id) => config[id] !== null)
    .flatMap((id) => (id === 'spotify' ? connecting(config) : signingIn(config, id)));
}

const register = (config: Config, id: LiveProvider) =>
  `${id}: ${redirectAddress(config, id)} is registered, to the letter, at ${consoles[id]}.`;

function signingIn(config: Config, id: LiveProvider): string[] {
  const start = `${config.apiUrl}/api/v1/auth/${id}/start`;
  return [
    register(config, id),
    `${id}: open ${start} and agree; the page you land on ends in ?result=ok, and /api/v1/auth/session says who you are.`,
    `${id}: open it again and refuse; it ends in ?error=access_denied.`,
    `${id}: sign in, add a second way to sign in (${start}?purpose=link with another provider), take the first away with DELETE /api/v1/me/identities/{id}; the app is gone from ${apps[id]}.`,
    ...(id === 'apple'
      ? [
          'apple: with “Hide My Email” the account’s address ends in @privaterelay.appleid.com, and the name is the one you gave.',
        ]
      : []),
  ];
}

function connecting(config: Config): string[] {
  return [
    register(config, 'spotify'),
    `spotify: signed in, open ${config.apiUrl}/api/v1/connections/spotify/start and agree; the page you land on ends in ?result=ok, and the library is read.`,
    `spotify: it knows no call that takes access back; the app is taken away at ${apps.spotify}.`,
  ];
}
