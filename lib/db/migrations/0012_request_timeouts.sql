-- The request timeouts of configurations as they were last read: they are needed most while GameLift cannot be asked, by
-- whichever replica, also one that has just started.
create table request_timeouts (
  environment text collate "C" not null,
  configuration text collate "C" not null,
  seconds int not null check (seconds > 0),
  primary key (environment, configuration)
);
