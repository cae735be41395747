/** For a restored call the trigger of inserted calls writes a RESTORE operation. */
export const sql = `
ALTER TABLE "local_write_context" ADD COLUMN "restores" text;

DROP TRIGGER IF EXISTS calls_audit_insert;

CREATE TRIGGER calls_audit_insert AFTER INSERT ON calls
WHEN (SELECT trail FROM local_write_context) = 1 BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'calls', NEW."id", 'INSERT',
      NULL,
      concat('{"id":' || json_quote(NEW."id" || ''), ',"client_id":' || json_quote(NEW."client_id" || ''), ',"user_id":' || json_quote(NEW."user_id" || ''), ',"prospect_name":' || json_quote(NEW."prospect_name" || ''), ',"prospect_email":' || iif(NEW."prospect_email" IS NOT NULL, json_quote(NEW."prospect_email" || '')), ',"prospect_phone":' || iif(NEW."prospect_phone" IS NOT NULL, json_quote(NEW."prospect_phone" || '')), ',"call_type":' || json_quote(NEW."call_type" || ''), ',"status":' || json_quote(NEW."status" || ''), ',"outcome":' || iif(NEW."outcome" IS NOT NULL, json_quote(NEW."outcome" || '')), ',"loss_reason_id":' || iif(NEW."loss_reason_id" IS NOT NULL, json_quote(NEW."loss_reason_id" || '')), ',"notes":' || iif(NEW."notes" IS NOT NULL, json_quote(NEW."notes" || '')), ',"call_duration":' || NEW."call_duration", ',"scheduled_at":' || NEW."scheduled_at", ',"completed_at":' || NEW."completed_at", ',"created_at":' || NEW."created_at", '}'),
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'calls', NEW."id", iif(c.restores IS NEW."id", 'RESTORE', 'INSERT'),
      coalesce(b.version, 0),
      iif(c.restores IS NEW."id", '{}', concat('{"id":{"new":' || json_quote(NEW."id" || '') || '}', ',"client_id":{"new":' || json_quote(NEW."client_id" || '') || '}', ',"user_id":{"new":' || json_quote(NEW."user_id" || '') || '}', ',"prospect_name":{"new":' || json_quote(NEW."prospect_name" || '') || '}', ',"prospect_email":{"new":' || iif(NEW."prospect_email" IS NOT NULL, json_quote(NEW."prospect_email" || '')) || '}', ',"prospect_phone":{"new":' || iif(NEW."prospect_phone" IS NOT NULL, json_quote(NEW."prospect_phone" || '')) || '}', ',"call_type":{"new":' || json_quote(NEW."call_type" || '') || '}', ',"status":{"new":' || json_quote(NEW."status" || '') || '}', ',"outcome":{"new":' || iif(NEW."outcome" IS NOT NULL, json_quote(NEW."outcome" || '')) || '}', ',"loss_reason_id":{"new":' || iif(NEW."loss_reason_id" IS NOT NULL, json_quote(NEW."loss_reason_id" || '')) || '}', ',"notes":{"new":' || iif(NEW."notes" IS NOT NULL, json_quote(NEW."notes" || '')) || '}', ',"call_duration":{"new":' || NEW."call_duration" || '}', ',"scheduled_at":{"new":' || NEW."scheduled_at" || '}', ',"completed_at":{"new":' || NEW."completed_at" || '}', ',"created_at":{"new":' || NEW."created_at" || '}', '}')),
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'calls' AND b.row_id = NEW."id"
    WHERE c.replicate <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT replicate <> 0 FROM local_write_context);
END;;
`
