import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr'
import { DescribeClustersCommand, DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs'
import { clientSettings } from '../../adapters/aws/client-settings'
import { present, type Reader } from './reader'

const repository: Reader = async ({ region, physicalId }) => {
  const { repositories } = await new ECRClient(clientSettings(region)).send(
    new DescribeRepositoriesCommand({ repositoryNames: [physicalId] }),
  )
  const found = present(repositories?.[0], `repository '${physicalId}'`)
  return {
    RepositoryName: found.repositoryName,
    ImageTagMutability: found.imageTagMutability,
    ImageScanningConfiguration: found.imageScanningConfiguration,
  }
}

const cluster: Reader = async ({ region, physicalId }) => {
  const { clusters } = await new ECSClient(clientSettings(region)).send(
    new DescribeClustersCommand({ clusters: [physicalId], include: ['SETTINGS'] }),
  )
  const found = present(clusters?.[0], `cluster '${physicalId}'`)
  return { ClusterName: found.clusterName, ClusterSettings: found.settings }
}

const taskDefinition: Reader = async ({ region, physicalId }) => {
  const { taskDefinition: told } = await new ECSClient(clientSettings(region)).send(
    new DescribeTaskDefinitionCommand({ taskDefinition: physicalId }),
  )
  const found = present(told, `task '${physicalId}'`)
  return {
    ContainerDefinitions: found.containerDefinitions,
    Cpu: found.cpu,
    ExecutionRoleArn: found.executionRoleArn,
    Family: found.family,
    Memory: found.memory,
    NetworkMode: found.networkMode,
    RequiresCompatibilities: found.requiresCompatibilities,
    RuntimePlatform: found.runtimePlatform,
    TaskRoleArn: found.taskRoleArn,
    Volumes: found.volumes,
  }
}

/** Containers, and where their images lie. */
export const CONTAINER_READERS: Readonly<Record<string, Reader>> = {
  'AWS::ECR::Repository': repository,
  'AWS::ECS::Cluster': cluster,
  'AWS::ECS::TaskDefinition': taskDefinition,
}
