import { lastEventOf } from '../../../adapters/postgres/person-events';
import { openEventStream } from '../../event-stream';
import { defineRoute } from '../../route';

const events = defineRoute({
  method: 'get',
  path: '/me/events',
  summary: 'Watch what you are told',
  description:
    'Server-sent events, from now on: each is named by its type (`connection.needs_reconnect`, `connection.degraded`, `connection.recovered`, `connection.consent_expiring`, `connection.deleted`, `run.finished`, `list.version_published`, `webhook.disabled`) and holds `{type, params, at}`. Send the last id you saw as `Last-Event-ID` to be told what came since, by whichever process of the API answers; events are kept for seven days, notifications for longer. The first event is `ready`, with the id from which on you are told. A comment every 15 seconds shows that the stream lives.',
  tags: ['Me'],
  permission: 'signed_in',
  responses: { 200: { contentType: 'text/event-stream', description: 'Events until you close the stream.' } },
  handler: async ({ user, em, ctx, deps }) => {
    const given = ctx.get('Last-Event-ID');
    const last = await lastEventOf(em, user.userId);
    // An id from before a database was put back, say, would keep silent what is told until its number comes round.
    const from = /^\d{1,15}$/.test(given) ? Math.min(Number(given), last) : last;
    let stop = () => {};
    const stream = openEventStream(deps.closing, () => stop());
    stream.send({ id: from, event: 'ready', data: {} });
    stop = deps.personWatch.watch(user.userId, from, (news) => {
      for (const { id, type, params, createdAt } of news)
        stream.send({ id, event: type, data: { type, params, at: createdAt.toISOString() } });
      // Whoever does not take what came may come back and go on from its last id.
      if (!stream.keepsUp()) stream.end();
    });
    if (stream.body.destroyed) stop();
    return { status: 200, body: stream.body, headers: { 'X-Accel-Buffering': 'no' } };
  },
});

export const personEventRoutes = [events];
