/**
 * Data from the server may remove audit lines of a call or a person even if the row itself stays: when a call comes to another person, the
 * former owner's lines leave this device.
 */
export const sql = `
DROP TRIGGER IF EXISTS audit_logs_no_delete;

CREATE TRIGGER audit_logs_no_delete BEFORE DELETE ON audit_logs
WHEN (OLD.table_name <> 'users' AND OLD.table_name <> 'calls')
  OR NOT EXISTS (SELECT 1 FROM local_write_context WHERE replicate = 0) BEGIN
  SELECT RAISE(ABORT, 'refused: the audit trail is append-only');
END;
`
