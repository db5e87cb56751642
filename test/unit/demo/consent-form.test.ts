import { readForm } from '../../../dev/demo/consent-form';

test('hidden fields and the buttons of a consent page are read', () => {
  const page = `<form method="post" action="/spotify/authorize?a=1&amp;b=2">
    <input type="hidden" name="state" value="a&quot;b&amp;c">
    <select name="user"><option value="listener">x</option></select>
    <button name="decision" value='approve'>Allow</button></form>`;
  const form = readForm(page, new URL('http://127.0.0.1:8090/spotify/authorize'));
  expect(form?.action.href).toBe('http://127.0.0.1:8090/spotify/authorize?a=1&b=2');
  expect(form?.fields).toEqual({ state: 'a"b&c', decision: 'approve' });
});

test('a page without a form is none', () => {
  expect(readForm('<p>INVALID_CLIENT</p>', new URL('http://x/'))).toBeNull();
});
