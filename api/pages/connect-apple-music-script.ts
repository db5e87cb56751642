/**
 * What the connect page does in the browser: asks for our developer token, lets MusicKit ask the person, and sends what that
 * gives. MusicKit remembers a person's token, so one that Apple no longer takes is dropped before the next try; a good one is
 * never dropped, since that could end what we were given with it.
 */
export const connectAppleMusicScript = `(() => {
  const page = document.getElementById('connect');
  const button = document.getElementById('authorize');
  const said = document.getElementById('said');
  const back = document.getElementById('back');
  const { returnTo, connectionId } = page.dataset;
  const api = '/api/v1/connections/apple-music';
  let music;

  const landing = (values) => {
    const address = new URL(returnTo, location.origin);
    for (const name of ['result', 'error', 'connectionId', 'jobId', 'mergeId']) address.searchParams.delete(name);
    for (const [name, value] of Object.entries(values)) if (value) address.searchParams.set(name, value);
    return address.href;
  };

  const say = (text, code) => {
    said.textContent = code ? text + ' (' + code + ').' : text;
    said.hidden = false;
    back.hidden = !code;
    if (code) back.href = landing({ error: code });
  };

  const problemOf = async (answer) => {
    const { title = 'Something went wrong', code = 'internal_error', action } = await answer.json().catch(() => ({}));
    return Object.assign(new Error(title), { code, action });
  };

  const musicKit = (address) =>
    new Promise((resolve, reject) => {
      document.addEventListener('musickitloaded', () => resolve(window.MusicKit));
      const script = document.createElement('script');
      script.src = address;
      script.onload = () => window.MusicKit && resolve(window.MusicKit);
      script.onerror = () =>
        reject(Object.assign(new Error('Apple’s script could not be loaded'), { code: 'provider_unavailable' }));
      document.head.append(script);
    });

  const prepare = async () => {
    const answer = await fetch(api + '/developer-token');
    if (!answer.ok) throw await problemOf(answer);
    const { token, musicKitUrl } = await answer.json();
    const kit = await musicKit(musicKitUrl);
    await kit.configure({ developerToken: token, app: { name: 'Do Not Play', build: '1' } });
    music = kit.getInstance();
    button.disabled = false;
  };

  const authorize = async () => {
    try {
      return await music.authorize();
    } catch {
      throw Object.assign(new Error('Consent was not given'), { code: 'access_denied' });
    }
  };

  const connect = async () => {
    const musicUserToken = await authorize();
    const answer = await fetch(api, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ musicUserToken, ...(connectionId ? { connectionId } : {}) }),
    });
    if (!answer.ok) throw await problemOf(answer);
    const { id, jobId } = await answer.json();
    location.assign(landing({ result: 'ok', connectionId: id, jobId }));
  };

  const failed = async ({ message, code = 'internal_error', action }) => {
    say(message, code);
    if (code === 'already_connected' && action) location.assign(action.href + '&returnTo=' + encodeURIComponent(returnTo));
    if (code !== 'music_token_rejected') return;
    try {
      await music.unauthorize();
    } catch {
      // It may be gone at Apple already; what counts is that MusicKit asks again.
    }
  };

  button.addEventListener('click', () => {
    button.disabled = true;
    connect().catch(failed).finally(() => (button.disabled = false));
  });
  prepare().catch(failed);
})();
`;
