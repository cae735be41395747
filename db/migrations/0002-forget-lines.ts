/**
 * Lines of the audit trail that concern a call or a person may be removed by what the server sends, also while the row itself stays: of
 * a call that was another person's before, the lines of that time leave this device.
 */
export const sql = `
DROP TRIGGER IF EXISTS audit_logs_no_delete;

CREATE TRIGGER audit_logs_no_delete BEFORE DELETE ON audit_logs
WHEN (OLD.table_name <> 'users' AND OLD.table_name <> 'calls')
  OR NOT EXISTS (SELECT 1 FROM local_write_context WHERE replicate = 0) BEGIN
  SELECT RAISE(ABORT, 'refused: the audit trail is append-only');
END;
`
