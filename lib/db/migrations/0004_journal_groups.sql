-- What is committed together is one row: `entries` commands from `position` on, one JSON text per line (JSON.stringify
-- leaves no line break inside one). The rows of before are groups of one.
alter table engine.journal rename column command to commands;
alter table engine.journal add column entries int not null default 1 check (entries > 0);

-- Events likewise: (position, index) is the place of the last event of a row, time_ms its time, and each line of
-- `events` one whole event. The order of the rows and the cursors of the targets mean what they meant.
alter table engine.events add column events text;
update engine.events set events =
  '{"position":' || position || ',"index":' || index || ',"eventId":' || to_json(event_id) || ',"timeMs":' || time_ms ||
  ',"resourceArn":' || to_json(resource_arn) || ',"detail":' || detail || '}';
alter table engine.events
  alter column events set not null, drop column event_id, drop column resource_arn, drop column detail;
