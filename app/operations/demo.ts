import type { DemoCall, DemoData } from '../demo/demo-data.ts'
import { writeDemoChunk, writeDemoPeople } from '../demo/write-demo.ts'
import { command } from '../declaration/operation.ts'

/** The steps of `workspace.createDemo`. */
export const demoOperations = {
  'demo.people': command({
    access: 'users.edit',
    changes: ['users', 'loss_reasons', 'client_settings', 'audit_logs'],
    isPart: true,
    run: (context, people: Pick<DemoData, 'users' | 'lossReasons'> & { readonly passwordHash: string }) =>
      writeDemoPeople(context, people),
  }),
  'demo.calls': command({
    access: 'calls.create',
    changes: ['calls', 'audit_logs'],
    isPart: true,
    run: (context, calls: readonly DemoCall[]) => writeDemoChunk(context, calls),
  }),
}
