import { isJsonObject, type Json } from '../../json'
import type { Resource } from '../assembly'

/** Types of resources that let somebody or something through by being there, and what they open. */
const OPENS: Readonly<Record<string, string>> = {
  'AWS::EC2::EIP': 'an address on the internet',
  'AWS::EC2::InternetGateway': 'a way to the internet',
  'AWS::EC2::NatGateway': 'a way to the internet',
  'AWS::EC2::Route': 'a way out of the network',
  'AWS::EC2::SecurityGroupEgress': 'a way out through a security group',
  'AWS::EC2::SecurityGroupIngress': 'a way in through a security group',
  'AWS::EC2::TransitGatewayAttachment': 'a way into another network',
  'AWS::EC2::VPCGatewayAttachment': 'a way to the internet',
  'AWS::EC2::VPCPeeringConnection': 'a way into another network',
  'AWS::Events::EventBusPolicy': 'a bus for events of others',
  'AWS::IAM::AccessKey': 'a key that never ends',
  'AWS::IAM::User': 'a person or machine with standing access',
  'AWS::IAM::UserToGroupAddition': 'rights for a user',
  'AWS::Lambda::LayerVersionPermission': 'a layer for others',
  'AWS::Lambda::Permission': 'a function for whoever is named',
  'AWS::Lambda::Url': 'a function by an address',
  'AWS::Transfer::User': 'files for a partner',
}

/** What a new resource opens by being there; undefined where it opens nothing. */
export function opening({ Type, Properties = {} }: Resource): string | undefined {
  if (Type === 'AWS::Lambda::Permission' && isForOneOfOurs(Properties)) return undefined
  return OPENS[Type]
}

/** A service of AWS on behalf of a resource of the same template, whose own change is judged by itself. */
const isForOneOfOurs = ({ Principal, SourceArn }: NonNullable<Resource['Properties']>): boolean =>
  isService(Principal) && isJsonObject(SourceArn) && ('Fn::GetAtt' in SourceArn || 'Ref' in SourceArn)

const isService = (principal: Json | undefined): boolean =>
  typeof principal === 'string' && /^[a-z0-9.-]+\.amazonaws\.com$/.test(principal)

/** Grants that open nothing: where a function writes what it did, and that a service takes the role made for it. */
const WRITES_ITS_LOG = /^(logs:(CreateLogStream|PutLogEvents)|xray:(PutTraceSegments|PutTelemetryRecords))$/

/** A policy document without the statements that open nothing in a resource that is new. */
export function withoutUsual(document: Json | undefined): Json | undefined {
  if (!isJsonObject(document)) return document
  const { Statement } = document
  const statements: readonly Json[] = Array.isArray(Statement) ? Statement : Statement === undefined ? [] : [Statement]
  return { ...document, Statement: statements.filter((statement) => !isUsual(statement)) }
}

function isUsual(statement: Json): boolean {
  if (!isJsonObject(statement) || statement['Effect'] !== 'Allow') return false
  const { Action, Principal } = statement
  const actions: readonly Json[] = Array.isArray(Action) ? Action : [Action ?? '']
  if (Principal === undefined)
    return actions.every((action) => typeof action === 'string' && WRITES_ITS_LOG.test(action))
  if (!isJsonObject(Principal) || Object.keys(Principal).join() !== 'Service') return false
  const services: readonly Json[] = Array.isArray(Principal['Service'])
    ? Principal['Service']
    : [Principal['Service'] ?? '']
  return services.every(isService) && actions.every((action) => action === 'sts:AssumeRole')
}
