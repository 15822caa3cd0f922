import { type Expression, ExpressionError, type ExpressionSyntax } from './expression.ts'
import { describe, type Fields } from './fields.ts'
import type { JsonNode } from './json-reader.ts'
import { parseExpression } from './parse-expression.ts'
import { resolveExpression, type Scope } from './resolve-expression.ts'

/**
 * Reads `measurements`, an array of expressions or one plain string. `accepts` says what is wrong with an expression's
 * type, or null. null, with reasons, when anything is wrong.
 */
export function readMeasurements(
  fields: Fields,
  scope: Scope,
  accepts: (expression: Expression) => string | null,
): Expression[] | null {
  const node = fields.get('measurements')
  if (node === undefined) return fields.refuse('measurements', 'is missing')
  if (node.kind === 'string') {
    const one = readExpression(node, 'measurements', fields, scope, accepts)
    return one === null ? null : [one]
  }
  if (node.kind !== 'array') {
    return fields.refuse('measurements', `must be an array of expressions, is ${describe(node)}`)
  }
  if (node.items.length === 0) return fields.refuse('measurements', 'must have at least one expression')
  const all = node.items.map((item, index) => readExpression(item, `measurements[${index}]`, fields, scope, accepts))
  return all.includes(null) ? null : all.filter((one) => one !== null)
}

function readExpression(
  node: JsonNode,
  key: string,
  fields: Fields,
  scope: Scope,
  accepts: (expression: Expression) => string | null,
): Expression | null {
  const path = fields.pathOf(key)
  if (node.kind !== 'string') {
    fields.reasons.add(path, `must be an expression, is ${describe(node)}`, node)
    return null
  }
  try {
    const expression = resolveExpression(parseExpression(node.value), scope)
    const wrong = accepts(expression)
    if (wrong === null) return expression
    fields.reasons.add(path, wrong, node)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    fields.reasons.add(path, error.message, node)
  }
  return null
}

/** The expression a `referenceValue` text stands for; the error when it is no expression. */
export function asExpression(text: string): ExpressionSyntax | ExpressionError {
  try {
    return parseExpression(text)
  } catch (error) {
    if (error instanceof ExpressionError) return error
    throw error
  }
}
