import { readDocument, type Finding } from './check';

/** Seconds by which this machine's clock may differ: id_tokens and Apple's client secret hold for minutes. */
const mostSkew = 60;

/** Addresses as the configuration has them. */
export interface Published {
  provider: string;
  issuer: string;
  authorizeUrl: string;
  tokenUrl: string;
  jwksUrl: string;
  revokeUrl: string;
}

/** Compares what an OpenID provider publishes of itself with what the configuration says, its keys and its clock included. */
export async function checkDiscovery(expected: Published, timeoutSeconds: number): Promise<Finding[]> {
  const { provider } = expected;
  const found = await readDocument(`${expected.issuer}/.well-known/openid-configuration`, timeoutSeconds);
  if ('reason' in found)
    return [
      { provider, what: 'discovery document', holds: false, said: found.reason },
      await checkKeys(expected, timeoutSeconds),
    ];
  const wanted: Record<string, string> = {
    issuer: expected.issuer,
    authorization_endpoint: expected.authorizeUrl,
    token_endpoint: expected.tokenUrl,
    jwks_uri: expected.jwksUrl,
    revocation_endpoint: expected.revokeUrl,
  };
  const other = Object.keys(wanted).filter((name) => found.body[name] !== wanted[name]);
  const said = other.length === 0 ? 'as configured' : `other than configured: ${other.join(', ')}`;
  return [
    { provider, what: 'discovery document', holds: other.length === 0, said },
    ...(found.date ? [checkClock(provider, found.date)] : []),
    await checkKeys(expected, timeoutSeconds),
  ];
}

function checkClock(provider: string, theirs: Date): Finding {
  const seconds = Math.round(Math.abs(Date.now() - theirs.getTime()) / 1000);
  return { provider, what: 'clock', holds: seconds <= mostSkew, said: `${seconds} s apart` };
}

async function checkKeys({ provider, jwksUrl }: Published, timeoutSeconds: number): Promise<Finding> {
  const what = 'signing keys';
  const found = await readDocument(jwksUrl, timeoutSeconds);
  if ('reason' in found) return { provider, what, holds: false, said: found.reason };
  const keys = Array.isArray(found.body.keys) ? (found.body.keys as Record<string, unknown>[]) : [];
  const usable = keys.filter(
    (key) => key.kty === 'RSA' && typeof key.kid === 'string' && (key.alg ?? 'RS256') === 'RS256',
  );
  return { provider, what, holds: usable.length > 0, said: `${usable.length} of ${keys.length} usable for RS256` };
}
