import { findPerson, readSetup } from '../../adapters/postgres/people';
import { recentJobs } from '../../adapters/postgres/recent-jobs';
import { errorCodes } from '../../domain/errors';
import { percentDone } from '../../domain/jobs';
import type { AppContext, Next } from '../context';
import type { Dependencies } from '../dependencies';
import { meHref } from '../../domain/hrefs';
import { nextStep } from '../routes/me/presenters';
import { bringOwnApp, needsAnotherApp } from '../sign-in/bring-own-app';
import { escapeHtml, htmlPage } from './html';
import { stepFor } from './next-step';

/** `/`: who is signed in, what to do next (with its curl), what runs, and where everything else is. */
export function homePage(deps: Dependencies) {
  return async (ctx: AppContext, next: Next): Promise<unknown> => {
    if (ctx.path !== '/' || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
    ctx.state.route = '/';
    ctx.set('Cache-Control', 'no-store');
    ctx.type = 'text/html';
    const landing = note(ctx.query);
    const { caller } = ctx.state;
    const person = caller ? await findPerson(deps.orm.em.fork(), caller.userId) : null;
    if (!person) {
      ctx.body = htmlPage('Start', landing + strangersPart(deps) + links(deps));
      return;
    }
    const em = deps.orm.em.fork();
    const setup = await readSetup(em, person.id);
    const jobs = await recentJobs(em, person.id, 10);
    const step = stepFor(nextStep(setup), deps.config);
    const live = jobs.some((job) => job.finishedAt === null);
    const held = caller?.suspended
      ? `<p class="note">Your account is suspended; <a href="${meHref}">why, and until when</a>. You can still undo what was done, export, appeal and leave.</p>`
      : '';
    const body = [
      `<h1>Do Not Play</h1>${landing}${held}<p>Signed in as <strong>${escapeHtml(person.displayName)}</strong>.</p>`,
      `<h2>Next: ${step.title}</h2><p>${step.text}</p>${step.link}<pre>${escapeHtml(step.curl)}</pre>`,
      '<p>A browser sends its session by itself; a program needs a token: <code>npm run user -- token EMAIL</code>, then <code>TOKEN=…</code></p>',
      `<h2>Jobs</h2>${jobsTable(jobs)}`,
      links(deps),
    ];
    ctx.body = htmlPage('Start', body.join(''), live ? '<meta http-equiv="refresh" content="3">' : '');
  };
}

function strangersPart({ config }: Dependencies): string {
  const ways = (
    [
      ['google', 'Google'],
      ['apple', 'Apple'],
      ['github', 'GitHub'],
    ] as const
  ).filter(([id]) => config[id]);
  const buttons = ways.map(
    ([id, name]) => `<a class="button" href="/api/v1/auth/${id}/start?returnTo=/">Sign in with ${name}</a>`,
  );
  const how =
    ways.length > 0
      ? `<p>${buttons.join(' ')}</p>`
      : '<p class="note">No way to sign in is configured: set GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET, for a start.</p>';
  const sandbox = config.SANDBOX_URL
    ? '<p>Providers without credentials of yours are stand-ins here: on their consent page choose who you want to be, for a start “listener”.</p>'
    : '';
  const curl = `TOKEN=$(npm run -s user -- token listener@example.test)\ncurl -H "Authorization: Bearer $TOKEN" ${config.apiUrl}/api/v1/auth/session`;
  return `<h1>Do Not Play</h1><p>Keeps artists out of your music: you say who, see what would change, apply it, and take it back.</p>
<p>Nobody is signed in in this browser.</p><h2>Next: sign in</h2>${how}${sandbox}<p>Or as a program:</p><pre>${escapeHtml(curl)}</pre>`;
}

/** How the flow that came back here ended. The code is looked up, never shown as it was sent. */
function note(query: Record<string, string | string[] | undefined>): string {
  if (query.result === 'ok') return '<p class="note">Done.</p>';
  const code = query.error;
  if (typeof code !== 'string' || !Object.hasOwn(errorCodes, code)) return '';
  const { title } = errorCodes[code as keyof typeof errorCodes];
  const advice = needsAnotherApp(code) ? ` ${bringOwnApp(code).detail ?? ''}` : '';
  return `<p class="note">${escapeHtml(title)} (<code>${code}</code>).${escapeHtml(advice)}</p>`;
}

function jobsTable(jobs: Awaited<ReturnType<typeof recentJobs>>): string {
  if (jobs.length === 0) return '<p>None so far.</p>';
  const rows = jobs.map((job) => {
    const percent = percentDone(job.done, job.total, job.status);
    const state = [job.status, job.phase, job.waitingReason, job.failureCode]
      .filter((part) => part !== null)
      .join(' · ');
    return `<tr><td><a href="/api/v1/jobs/${job.id}">${escapeHtml(job.type)}</a></td><td>${escapeHtml(state)}</td><td>${percent === null ? '' : `${percent} %`}</td><td>${job.createdAt.toISOString()}</td></tr>`;
  });
  return `<table><thead><tr><th>Job</th><th>State</th><th>Done</th><th>Since</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function links({ config }: Dependencies): string {
  const entries = [
    ['/docs', 'API documentation'],
    ['/openapi.json', 'OpenAPI description'],
    ['/readyz', 'State of the engines'],
    ...(config.TEMPORAL_UI_URL ? [[config.TEMPORAL_UI_URL, 'Temporal UI']] : []),
    ...(config.SANDBOX_URL ? [[config.SANDBOX_URL, 'Provider sandbox']] : []),
  ];
  const items = entries.map(
    ([href = '', text = '']) => `<li><a href="${escapeHtml(href)}">${escapeHtml(text)}</a></li>`,
  );
  return `<h2>Elsewhere</h2><ul>${items.join('')}</ul>`;
}
