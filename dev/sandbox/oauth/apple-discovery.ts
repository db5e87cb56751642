/** Apple's discovery document. The authorization page is on another site than the rest, as the application has it too. */
export function appleDiscovery(issuer: string): Record<string, unknown> {
  const page = new URL(`${issuer}/auth/authorize`);
  page.hostname = 'localhost';
  return {
    issuer,
    authorization_endpoint: page.href,
    token_endpoint: `${issuer}/auth/token`,
    revocation_endpoint: `${issuer}/auth/revoke`,
    jwks_uri: `${issuer}/auth/keys`,
    response_types_supported: ['code', 'code id_token'],
    response_modes_supported: ['query', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'name'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    claims_supported: [
      'aud',
      'email',
      'email_verified',
      'exp',
      'iat',
      'is_private_email',
      'iss',
      'nonce',
      'nonce_supported',
      'sub',
    ],
  };
}
