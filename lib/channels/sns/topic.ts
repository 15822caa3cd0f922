/** What follows from the ARN of an SNS topic: where SNS of its region is, and how its certificates are called. */

export interface Topic {
  arn: string
  region: string
  account: string
  /** Host of SNS in the topic's region, for example `sns.eu-central-1.amazonaws.com`. */
  host: string
}

const TOPIC_ARN =
  /^arn:(aws|aws-cn|aws-us-gov|aws-eusc):sns:([a-z]{2,4}(?:-[a-z]+)+-\d):(\d{12}):[A-Za-z0-9_-]{1,256}(?:\.fifo)?$/
const SUFFIX = {
  aws: 'amazonaws.com',
  'aws-us-gov': 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
  'aws-eusc': 'amazonaws.eu',
} as const

/** null when it is not the ARN of a topic. */
export function readTopicArn(arn: string): Topic | null {
  const [, partition, region, account] = TOPIC_ARN.exec(arn) ?? []
  if (!partition || !region || !account) return null
  return { arn, region, account, host: `sns.${region}.${SUFFIX[partition as keyof typeof SUFFIX]}` }
}

/**
 * The names a signing certificate from this host may carry. Older regions share one name, those one opts in to have
 * their own, and China and GovCloud are written differently again.
 */
export function certificateNames(host: string): string[] {
  const [, region, suffix] = /^sns\.([a-z0-9-]+)\.(amazonaws\.(?:com|com\.cn|eu))$/.exec(host) ?? []
  // Not a host of AWS: an endpoint that was set for this process.
  if (!region || !suffix) return ['sns.amazonaws.com']
  const names = [`sns-signing.${region}.${suffix}`, host, `sns-${region}.${suffix}`]
  if (suffix === 'amazonaws.com') names.unshift('sns.amazonaws.com')
  if (region === 'us-gov-east-1') names.push('sns-us-gov-west-1.amazonaws.com')
  return names
}
