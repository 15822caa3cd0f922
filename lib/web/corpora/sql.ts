/** What a program that builds SQL out of text would run. */
const BREAKS = ["'", '"', "')", '\\', "';", "'))", '$$', '`', '%27', "\\'", "'||'", '\u02bc', '\uff07']
const TAILS = [
  '',
  ' or 1=1--',
  ' or true;--',
  ' union select null,null,null--',
  ' union select name, role, person_id from people--',
  '; drop table tickets;--',
  '; select pg_sleep(5)--',
  ' or (select pg_sleep(5)) is null--',
  ' and 1=cast((select version()) as int)--',
  '/**/or/**/1=1',
  ' order by 100--',
  " || (select string_agg(name, ',') from people) || ",
  '; copy (select 1) to program $x$id$x$;--',
  ' limit 1 offset 0--',
  ' is not null--',
  '\u0000--',
]
export const INJECTIONS: readonly string[] = BREAKS.flatMap((each) => TAILS.map((tail) => `t${each}${tail}`))
