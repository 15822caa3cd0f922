'use client'

import type { ReactNode } from 'react'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { template } from '#lib/connect/cloudformation.ts'
import { commands } from '#lib/connect/commands.ts'
import { readPolicy, writePolicy } from '#lib/connect/policies.ts'
import type { EnvironmentInput } from '#lib/environments/environment-input.ts'

/** Everything to make in the account, as text to copy: nothing is made from here. */
export function WhatToCreate({ draft, publicUrl }: { draft: EnvironmentInput; publicUrl: string }) {
  const { channels, accountId } = draft
  const wanted = {
    sqs: channels.sqs.length > 0,
    sns: channels.sns.topicArns.length > 0,
    eventbridge: channels.eventbridge,
    publicUrl,
  }
  return (
    <Panel title="What to create in the account">
      <p className="max-w-prose text-sm text-muted">
        Exactly what is needed for the choices above; it changes with them. The template holds everything at once, the
        commands make the same one by one.
        {accountId === null && ' Say the account above to have it in here in place of ACCOUNT_ID.'}
      </p>
      <div className="mt-3 flex flex-col">
        <Part title="Policy to read">
          <CodeBlock label="policy to read" code={readPolicy(draft)} />
        </Part>
        <Part title="Policy to act">
          <CodeBlock label="policy to act" code={writePolicy(draft)} />
        </Part>
        <Part title="CloudFormation template">
          <CodeBlock label="CloudFormation template" code={template(draft, wanted)} />
        </Part>
        <Part title="Commands of the AWS CLI">
          <ol className="flex flex-col gap-3">
            {commands(draft, wanted).map(({ does, command }, index) => (
              <li key={command} className="flex min-w-0 flex-col gap-1">
                <span className="text-sm text-muted">
                  {index + 1}. {does}
                </span>
                <CodeBlock label={`command ${index + 1}`} code={command} />
              </li>
            ))}
          </ol>
        </Part>
      </div>
    </Panel>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="border-t py-1 first:border-t-0">
      <summary className="min-h-8 py-1.5 text-sm font-medium">{title}</summary>
      <div className="pt-1 pb-3">{children}</div>
    </details>
  )
}
