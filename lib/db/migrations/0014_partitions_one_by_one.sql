-- The tables of a day one by one, each in a transaction of its own: who waits for the second table of a day while holding
-- the first meets those who hold the second and wait for the first, and under constant load there always are some.

-- Makes the partition of `parent` for this day, where it is not there yet; what the default partition held of it moves
-- over. Returns whether it was new. One at a time: several replicas may ask for the same.
create function make_partition(parent text, one date) returns boolean language plpgsql as $$
declare
  name text := format('%s_%s', parent, to_char(one, 'YYYYMMDD'));
begin
  perform pg_advisory_xact_lock(7310002);
  -- Not to_regclass: it may still remember from before the lock that there is none.
  if exists (select from pg_class c join pg_class p using (relnamespace) where p.oid = parent::regclass and c.relname = name)
  then return false; end if;
  execute format('create table %I (like %I including defaults including constraints)', name, parent);
  execute format('with moved as (delete from %I where day = $1 returning *) insert into %I select * from moved',
    parent || '_default', name) using one;
  execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, name, one, one + 1);
  return true;
end $$;

-- All tables of `days` days from `first` on, in one transaction: for when nobody else is there. Returns how many days
-- were new.
create or replace function make_partitions(first date, days int) returns int language plpgsql as $$
declare
  made int := 0;
  one date;
  parent text;
  fresh boolean;
begin
  for one in select first + n from generate_series(0, days - 1) as n loop
    fresh := false;
    foreach parent in array array['facts', 'fact_tickets', 'placements'] loop
      fresh := make_partition(parent, one) or fresh;
    end loop;
    made := made + fresh::int;
  end loop;
  return made;
end $$;
