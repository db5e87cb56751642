import { createHmac, createPublicKey } from 'node:crypto';
import { OAuth2Server } from 'oauth2-mock-server';

/**
 * An OpenID provider whose next answer is made wrong in a way that its parent names: `{ claims, drop, header, sign, answer }`.
 * `claims` replace those of the id_token and `drop` takes some out; `header` replaces fields of its header; `sign` replaces
 * its signature; `answer` replaces fields of the token answer, where null takes a field out. Codes and keys are its own.
 */
const server = new OAuth2Server();
await server.issuer.keys.generate('RS256');
await server.start(0, 'localhost');

const sound = { claims: {}, drop: [], header: {}, sign: 'own', answer: {} };
let order = sound;
process.on('message', (message) => {
  order = { ...sound, ...message };
  process.send({ ready: true });
});

const isIdToken = ({ payload }) => payload.scope === undefined;
server.service.on('beforeTokenSigning', (token) => {
  if (!isIdToken(token)) return;
  Object.assign(token.payload, { email: 'johndoe@peer.test', email_verified: true, name: 'Johanna Dovecote' });
  Object.assign(token.payload, order.claims);
  for (const name of order.drop) delete token.payload[name];
  Object.assign(token.header, order.header);
});

server.service.on('beforeResponse', (response, request) => {
  const { body } = response;
  if (body.id_token) body.id_token = resign(body.id_token, request.body.client_secret);
  for (const [name, value] of Object.entries(order.answer)) {
    if (value === null) delete body[name];
    else body[name] = value;
  }
  order = sound;
});

function resign(token, clientSecret) {
  const [head, payload, signature] = token.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString());
  const withHeader = (fields) => Buffer.from(JSON.stringify({ ...header, ...fields })).toString('base64url');
  const hmac = (key) => {
    const signed = `${withHeader({ alg: 'HS256' })}.${payload}`;
    return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
  };
  switch (order.sign) {
    case 'own':
      return token;
    case 'none':
      return `${withHeader({ alg: 'none' })}.${payload}.`;
    case 'empty':
      return `${head}.${payload}.`;
    case 'forged':
      return `${head}.${payload}.${Buffer.from(signature, 'base64url').reverse().toString('base64url')}`;
    case 'altered': {
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
      const other = Buffer.from(JSON.stringify({ ...claims, sub: 'somebody-else' })).toString('base64url');
      return `${head}.${other}.${signature}`;
    }
    case 'hs256-public-key': {
      const [jwk] = server.issuer.keys.toJSON();
      return hmac(createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }));
    }
    case 'hs256-secret':
      return hmac(clientSecret);
  }
}

process.on('disconnect', () => process.exit(0));
process.send({ issuer: server.issuer.url });
