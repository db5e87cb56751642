/** A number that stands for the owner, the same every day, so that owners spread by themselves. */
const hash = `('x' || left(md5(owner_id::text), 7))::bit(28)::bigint`;

/** The second of the day that is the owner's own, the first time it comes twelve hours from now or later. */
const daily = `now() + interval '12 hours'
  + make_interval(secs => (((${hash} - extract(epoch from now() + interval '12 hours')::bigint) % 86400 + 86400) % 86400)::float8)`;

/** Well before six months, after which Google and GitHub let an unused refresh token die. */
const beforeDecay = `now() + interval '60 days' + make_interval(secs => (${hash} % (30 * 86400))::float8)`;

/**
 * SQL for the moment at which a row of `credentials` is looked at next by itself: a connection once a day at a time of its own, a
 * sign-in account every two or three months, and never where there is nothing to keep alive. Counted from now; wants columns
 * `owner_id`, `owner_type` and `refresh_token` in sight.
 */
export const nextCheckSql = `case when owner_type = 'connection' then ${daily}
  when refresh_token is null then null else ${beforeDecay} end`;
