-- The brakes: a row is one that is on. Who turned it on and off, and when, stays in the audit trail.
create table switches (
  -- 'read-only', or the action that nobody may do.
  name text collate "C" primary key check (char_length(name) between 1 and 100),
  turned_on_at timestamptz not null,
  turned_on_by text not null,
  reason text check (char_length(reason) between 1 and 500)
);
