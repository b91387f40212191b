import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { describeConditionalStore } from '../../contracts/conditional-store'

describeConditionalStore('memory', () => new MemoryConditionalStore())
