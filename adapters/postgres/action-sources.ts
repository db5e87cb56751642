/** In SQL: the keys of the sources (`sourceKeys`) that matches rest on, from a column of them. */
export const sourceKeysOf = (matches: string): string =>
  `array(select distinct k.key from jsonb_array_elements(${matches}) m, jsonb_array_elements(m->'sources') s,
     lateral (select 'list:' || (s->>'listId') || ':' || (m->>'artistId') as key where s->>'kind' = 'list'
       union all select 'offense:' || o.id from jsonb_array_elements_text(s->'offenseIds') as o(id) where s->>'kind' = 'category') k order by 1)`;
