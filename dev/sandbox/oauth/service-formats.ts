import { randomBytes } from 'node:crypto';
import type { SignInService, TokenService } from '../state/model';
import { isGithubApp } from './clients';

/** How a service's tokens look. */
interface TokenFormat {
  access(clientId: string): string;
  refresh(clientId: string): string;
}

/** How a service's codes look and how it treats them. */
interface ServiceFormat extends TokenFormat {
  code(): string;
  codeLifeMs: number;
  /** Whether a code that comes a second time ends what it gave the first time. */
  replayEndsGrant: boolean;
}

const spelled = (prefix: string, bytes: number) => prefix + randomBytes(bytes).toString('base64url');
const digits = (prefix: string, count: number) => prefix + randomBytes(count / 2).toString('hex');
const apples = (letter: string) => `${digits(letter, 32)}.0.srxs.${spelled('', 16)}`;
const tenMinutes = 600_000;

export const serviceFormats: Record<SignInService, ServiceFormat> = {
  google: {
    code: () => spelled('4/0A', 48),
    access: () => spelled('ya29.', 96),
    refresh: () => spelled('1//0', 96),
    codeLifeMs: tenMinutes,
    replayEndsGrant: true,
  },
  apple: {
    code: () => apples('c'),
    access: () => apples('a'),
    refresh: () => apples('r'),
    codeLifeMs: tenMinutes / 2,
    replayEndsGrant: false,
  },
  github: {
    code: () => digits('', 20),
    access: (clientId) => digits(isGithubApp(clientId) ? 'ghu_' : 'gho_', 36),
    refresh: () => digits('ghr_', 76),
    codeLifeMs: tenMinutes,
    replayEndsGrant: false,
  },
  spotify: {
    code: () => spelled('AQ', 48),
    access: () => spelled('BQ', 96),
    refresh: () => spelled('AQ', 96),
    codeLifeMs: tenMinutes,
    replayEndsGrant: true,
  },
};

export const tokenFormats: Record<TokenService, TokenFormat> = {
  ...serviceFormats,
  'apple-music': {
    access: () => `0.${spelled('A', 120)}==`,
    refresh: () => {
      throw new Error('Apple Music gives no refresh tokens.');
    },
  },
};
