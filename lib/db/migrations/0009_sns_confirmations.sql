-- For which topics somebody waits until SNS asks to confirm a subscription, and what came of it.
create table sns_confirmations (
  environment text collate "C" not null,
  topic_arn text collate "C" not null,
  opened_by text not null,
  opened_at timestamptz not null,
  ends_at timestamptz not null,
  -- Once it is confirmed; nothing is confirmed after that until somebody waits again.
  subscription_arn text,
  problem text,
  primary key (environment, topic_arn)
);
