import { findPerson, people } from '../people/people';

/**
 * The page on which a person agrees: one form with `user` and `decision`, and the request in hidden fields.
 *
 * @param request every parameter of the authorization request, sent back with the form; its `login_hint`, which GitHub
 * calls `login`, is the account that is chosen beforehand
 */
export function consentPage(
  service: string,
  action: string,
  request: Record<string, string>,
  scopes: string[],
): string {
  const chosen = findPerson(request['login_hint'] ?? request['login'])?.id ?? people[0]?.id;
  const options = people.map(
    ({ id, name, email }) =>
      `<option value="${escape(id)}"${id === chosen ? ' selected' : ''}>${escape(`${name} (${email})`)}</option>`,
  );
  return page(
    `${service} (sandbox)`,
    `<p>The app <b>${escape(request['client_id'] ?? '')}</b> asks for access to an account at the sandbox's ${service}.</p>
<ul>${scopes.map((scope) => `<li><code>${escape(scope)}</code></li>`).join('')}</ul>
<form method="post" action="${escape(action)}">
${hiddenInputs(request)}
<p><label>Account <select name="user">${options.join('')}</select></label></p>
<p><button name="decision" value="approve">Allow</button> <button name="decision" value="deny">Cancel</button></p>
</form>`,
  );
}

/**
 * The page that carries an answer to the client by a form (`response_mode=form_post`): a script sends it at once, and
 * whoever has no script presses the button.
 */
export function formPostPage(service: string, address: string, fields: Record<string, string>): string {
  return page(
    `${service} (sandbox)`,
    `<p>Going back to the app.</p>
<form method="post" action="${escape(address)}">
${hiddenInputs(fields)}
<p><button>Continue</button></p>
</form>
<script>document.forms[0].submit()</script>`,
  );
}

/**
 * The page that hands an answer to the window which opened it, if that one belongs to the origin, and closes itself.
 *
 * @param origin whom the answer is for
 */
export function handBackPage(service: string, origin: string, answer: Record<string, string>): string {
  // Inside a script only "<" could end it early.
  const text = (value: unknown) => JSON.stringify(value).replaceAll('<', '\\u003c');
  return page(
    `${service} (sandbox)`,
    `<p>You can close this window.</p>
<script>if (window.opener) { window.opener.postMessage(${text(answer)}, ${text(origin)}); window.close(); }</script>`,
  );
}

/** A page that says why a request can't go on; the real services show such pages instead of redirecting. */
export function errorPage(service: string, message: string): string {
  return page(`${service} (sandbox)`, `<p>${escape(message)}</p>`);
}

function hiddenInputs(fields: Record<string, string>): string {
  return Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`)
    .join('\n');
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
