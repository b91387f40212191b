import { MemoryAccountAccess } from '../../../adapters/memory/account-access'
import { describeAccountAccess, describePasswordPolicy } from '../../contracts/account-access'

describeAccountAccess('memory', () => {
  const account = new MemoryAccountAccess()
  return {
    account,
    holds: (report, roles) => {
      account.report = report
      for (const [role, at] of roles) account.roles.set(role, at)
    },
  }
})

describePasswordPolicy('memory', () => new MemoryAccountAccess())
