import { createServer } from 'node:http';
import Provider from 'oidc-provider';

/**
 * An OpenID provider that keeps to the letter of the specifications: PKCE with S256 is required, a code that is used twice ends
 * the tokens it gave. Its first argument is the redirect address of our API.
 */
const [redirectUri] = process.argv.slice(2);
const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'peer-strict',
      client_secret: 'peer-strict-secret',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  pkce: { required: () => true },
  conformIdTokenClaims: false,
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  features: { devInteractions: { enabled: true }, revocation: { enabled: true } },
  findAccount: (_context, sub) => ({
    accountId: sub,
    claims: () => ({ sub, email: `${sub}@strict.test`, email_verified: true, name: 'Severin Strictland' }),
  }),
});
server.on('request', provider.callback());
process.on('disconnect', () => process.exit(0));
process.send({ issuer });
