/** Reading `referenceValue`: by rule type, for the rule itself and for the steps of an expansion. */
import { type Expression, ExpressionError } from './expression.ts'
import { describe, type Fields } from './fields.ts'
import type { JsonNode } from './json-reader.ts'
import { asExpression } from './measurements.ts'
import { describeType, resolveExpression, type Scope } from './resolve-expression.ts'
import type { CollectionReference, CollectionRule, ComparisonReference, NumberReference } from './rule-set.ts'

/** `path` is where to report what is wrong; the readers then return null. */
interface Where {
  node: JsonNode
  path: string
  fields: Fields
  scope: Scope
}

/** A number, or an expression that yields one number. */
export function readNumberReference(where: Where): NumberReference | null {
  const { node } = where
  if (node.kind === 'number' && Number.isFinite(node.value)) return { kind: 'number', value: node.value }
  if (node.kind !== 'string') return refuse(where, `must be a number or an expression, is ${describe(node)}`)
  const syntax = asExpression(node.value)
  if (syntax instanceof ExpressionError) {
    return refuse(where, `must be a number or an expression, is ${describe(node)}: ${syntax.message}`)
  }
  return numberExpression(where, syntax)
}

/** What a comparison of `element`s can be compared with. A text is an expression if it reads as one, else a literal. */
export function readComparisonReference(where: Where, element: 'number' | 'string'): ComparisonReference | null {
  const { node } = where
  if (element === 'number') return readNumberReference(where)
  if (node.kind !== 'string') return refuse(where, `must be a string like the measurements, is ${describe(node)}`)
  if (asExpression(node.value) instanceof ExpressionError) return { kind: 'string', value: node.value }
  return refuse(where, 'is an expression; none yields a single string to compare the measurements with')
}

/** `contains` looks for one string; `reference_intersection_count` takes a string, a list or an expression. */
export function readCollectionReference(
  where: Where,
  operation: CollectionRule['operation'],
): CollectionReference | null {
  const { node } = where
  if (node.kind === 'array' && operation === 'reference_intersection_count') {
    const strings = node.items.flatMap((item) => (item.kind === 'string' ? [item.value] : []))
    if (strings.length === node.items.length) return { kind: 'strings', value: strings }
    return refuse(where, 'must hold strings only')
  }
  const forms = operation === 'contains' ? 'a string' : 'a string, an array of strings or an expression'
  if (node.kind !== 'string') return refuse(where, `must be ${forms}, is ${describe(node)}`)
  const syntax = asExpression(node.value)
  if (syntax instanceof ExpressionError) return { kind: 'string', value: node.value }
  if (operation === 'contains') return refuse(where, 'is an expression; none yields the single string to look for')
  const expression = resolved(where, syntax)
  if (expression === null) return null
  const { levels, element } = expression.type
  const isList = (element === 'string' && levels === 1) || (element === 'stringList' && levels === 0)
  if (isList) return { kind: 'expression', expression }
  return refuse(where, `must yield one list of strings, yields ${describeType(expression.type)}`)
}

type Syntax = Exclude<ReturnType<typeof asExpression>, ExpressionError>

function numberExpression(where: Where, syntax: Syntax): NumberReference | null {
  const expression = resolved(where, syntax)
  if (expression === null) return null
  const { levels, element } = expression.type
  if (levels === 0 && element === 'number') return { kind: 'expression', expression }
  return refuse(where, `must yield a single number, yields ${describeType(expression.type)}`)
}

function resolved(where: Where, syntax: Syntax): Expression | null {
  try {
    return resolveExpression(syntax, where.scope)
  } catch (error) {
    if (error instanceof ExpressionError) return refuse(where, error.message)
    throw error
  }
}

function refuse({ node, path, fields }: Where, message: string): null {
  fields.reasons.add(path, message, node)
  return null
}
