-- The minute before the counted one, so that what was used of a budget does not begin at zero with every new minute.
alter table call_budgets add column used_before int not null default 0;
