/**
 * A small stand-in for MusicKit JS v3 with what connecting an account needs: `MusicKit.configure()`, which gives the
 * instance, `MusicKit.getInstance()`, and of the instance `authorize()` (the Music User Token, by a window of the sandbox),
 * `unauthorize()`, `isAuthorized`, `musicUserToken` and `developerToken`. `musickitloaded` is dispatched as by the real
 * one. Failures are rejections whose `errorCode` is `AUTHORIZATION_ERROR` or `CONFIGURATION_ERROR`.
 *
 * @param page the address of the consent page
 */
export function musicKitScript(page: string): string {
  return `(() => {
  const page = ${JSON.stringify(page)};
  let instance;

  class MKError extends Error {
    constructor(errorCode, description) {
      super(errorCode + ': ' + description);
      this.name = errorCode;
      this.errorCode = errorCode;
      this.description = description;
    }
  }

  class MusicKitInstance {
    constructor(developerToken, app) {
      this.developerToken = developerToken;
      this.app = app;
      this.musicUserToken = undefined;
    }

    get isAuthorized() {
      return this.musicUserToken !== undefined;
    }

    async authorize() {
      if (this.musicUserToken === undefined) this.musicUserToken = await ask(this);
      return this.musicUserToken;
    }

    async unauthorize() {
      this.musicUserToken = undefined;
    }
  }

  function ask({ developerToken, app }) {
    const query = new URLSearchParams({ developer_token: developerToken, origin: location.origin });
    if (app && app.name) query.set('app', app.name);
    const opened = window.open(page + '?' + query, 'apple-music-service-view', 'width=650,height=650');
    return new Promise((resolve, reject) => {
      if (!opened) return reject(new MKError('AUTHORIZATION_ERROR', 'The window was blocked'));
      const watch = setInterval(() => opened.closed && settle(() => reject(denied())), 300);
      const listen = (event) => {
        if (event.source !== opened || event.origin !== new URL(page).origin) return;
        const token = event.data && event.data.musicUserToken;
        settle(() => (token ? resolve(token) : reject(denied())));
      };
      const settle = (end) => {
        clearInterval(watch);
        window.removeEventListener('message', listen);
        end();
      };
      window.addEventListener('message', listen);
    });
  }

  function denied() {
    return new MKError('AUTHORIZATION_ERROR', 'Unauthorized');
  }

  window.MusicKit = {
    version: '3.0.0-sandbox',
    MKError,
    async configure({ developerToken, app } = {}) {
      if (!developerToken) throw new MKError('CONFIGURATION_ERROR', 'There is no developer token');
      instance = new MusicKitInstance(developerToken, app);
      document.dispatchEvent(new Event('musickitconfigured'));
      return instance;
    },
    getInstance: () => instance,
  };
  document.dispatchEvent(new Event('musickitloaded'));
})();
`;
}
