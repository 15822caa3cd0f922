-- When somebody wants a ticket described, for reasons that its own facts do not tell. Kept apart from describe_due_at,
-- which follows from the facts and is worked out anew with each of them.
alter table tickets add column describe_wanted_at timestamptz;

-- After so many calls in a row without an answer no more are sent before `held_until`, by no replica, and then one.
alter table call_budgets
  add column failures int not null default 0,
  add column held_until timestamptz;
