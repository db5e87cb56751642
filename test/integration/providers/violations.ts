import { Agent, type Dispatcher } from 'undici';

/** Connections that note what Prism finds in passing: its warnings, and the answers that it replaced by an error. */
export function watchingDispatcher(): { dispatcher: Dispatcher; takeViolations(): string[] } {
  let found: string[] = [];
  const dispatcher = new Agent().compose((dispatch) => (options, handler) => {
    const request = `${options.method} ${options.path}`;
    return dispatch(options, {
      onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
      onResponseStart: (controller, status, headers, message) => {
        const warnings = headers['sl-violations'];
        const isProblem = String(headers['content-type']).startsWith('application/problem+json');
        if (warnings) found.push(`${request}: ${String(warnings)}`);
        else if (isProblem) found.push(`${request}: answered with a problem, ${status}`);
        handler.onResponseStart?.(controller, status, headers, message);
      },
      onResponseData: (controller, chunk) => {
        if (found.at(-1)?.startsWith(request)) found.push(chunk.toString());
        handler.onResponseData?.(controller, chunk);
      },
      onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
      onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
    });
  });
  return {
    dispatcher,
    takeViolations: () => {
      const taken = found;
      found = [];
      return taken;
    },
  };
}
