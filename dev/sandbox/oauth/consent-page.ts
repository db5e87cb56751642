import { findPerson, people } from '../people/people';

/**
 * The page on which a person agrees: one form with `user` and `decision`, and the request in hidden fields.
 *
 * @param request every parameter of the authorization request, sent back with the form
 */
export function consentPage(service: string, action: string, request: Record<string, string>): string {
  const chosen = findPerson(request['login_hint'])?.id ?? people[0]?.id;
  const hidden = Object.entries(request).map(
    ([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`,
  );
  const options = people.map(
    ({ id, name, email }) =>
      `<option value="${escape(id)}"${id === chosen ? ' selected' : ''}>${escape(`${name} (${email})`)}</option>`,
  );
  const scopes = (request['scope'] ?? '').split(' ').filter(Boolean);
  return page(
    `${service} (sandbox)`,
    `<p>The app <b>${escape(request['client_id'] ?? '')}</b> asks for access to an account at the sandbox's ${service}.</p>
<ul>${scopes.map((scope) => `<li><code>${escape(scope)}</code></li>`).join('')}</ul>
<form method="post" action="${escape(action)}">
${hidden.join('\n')}
<p><label>Account <select name="user">${options.join('')}</select></label></p>
<p><button name="decision" value="approve">Allow</button> <button name="decision" value="deny">Cancel</button></p>
</form>`,
  );
}

/** A page that says why a request can't go on; the real services show such pages instead of redirecting. */
export function errorPage(service: string, message: string): string {
  return page(`${service} (sandbox)`, `<p>${escape(message)}</p>`);
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}button,select{font:inherit}</style>
</head><body><h1>${escape(title)}</h1>
${content}
</body></html>
`;
}

function escape(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
