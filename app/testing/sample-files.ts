import { existsSync, readFileSync } from 'node:fs'

const FOLDER = new URL('../../../shared/data/samples/', import.meta.url)

/** Files of the shapes of other systems' exports, with invented values. */
const SHAPES = {
  'call-export.csv': [
    'from_dt,to_dt,from_city,from_gender,from_name,from_number,to_city,to_gender,to_name,to_number',
    '2019-01-01T00:37,2019-01-01T00:44,Here,Woman,Ann,114-555-0114,Here,Woman,Abe,325-555-0113',
    '2019-01-01T00:54,2019-01-01T01:05,Here,Man,Jay,956-555-0104,There,Man,Guy,469-555-0142',
  ],
  'calls-japan.csv': [
    'call_id,call_datetime,call_date,call_month,call_hour,agent_id,phone_number,customer_age_group,customer_gender,call_result,product_id,call_duration_min,is_duplicate_call',
    'C1,2024-10-04 15:38,2024-10-04,2024-10,15,A002,080-5550-0001,20代,女性,断り,,12.0,0',
    'C2,2024-08-14 17:12,2024-08-14,2024-08,17,A012,080-5550-0002,40代,女性,不在,,1.0,1',
    'C3,2024-08-15 17:12,2024-08-15,2024-08,17,A012,080-5550-0003,40代,女性,成約,,13.0,1',
    'C4,2024-08-16 17:12,2024-08-16,2024-08,17,A012,080-5550-0004,40代,女性,コールバック希望,,3.0,1',
    'C5,2024-08-17 17:12,2024-08-17,2024-08,17,A012,080-5550-0005,40代,女性,検討中,,8.0,1',
  ],
  'cloud-telephony-log.csv': [
    'sid,account_sid,date_created,date_updated,parent_call_sid,to,from,phone_number_sid,status,start_time,end_time,duration,price,price_unit,direction,answered_by,forwarded_from,caller_name,uri',
    'CA1,AC1,2024-05-22T21:08:36.794Z,2024-05-22T21:09:06.794Z,,+19175550121,+16005550190,PNa1,completed,2024-05-22T21:08:36.794Z,2024-05-22T21:35:36.794Z,1620,-0.4050,USD,inbound,human,,Acme Test,/Calls/1',
    'CA2,AC1,2025-11-02T10:48:58.368Z,2025-11-02T10:49:28.368Z,,+12065550167,+16005550101,PNb2,busy,2025-11-02T10:48:58.368Z,2025-11-02T11:00:21.368Z,683,-0.1707,USD,outbound,human,,Acme Test,/Calls/2',
  ],
  'support-calls.csv': [
    'CallID,Date,Agent,CallType,Region,Duration,ResolutionTime,FCR,CSAT',
    '1,2025-01-09,Alice,General Inquiry,North,211,1042,1,5',
    '2,2025-01-27,Alice,Technical,West,780,707,1,5',
    '3,2025-02-08,Bob,Complaint,East,466,528,0,1',
  ],
} as const
export type SampleName = keyof typeof SHAPES
export const SAMPLE_NAMES = Object.keys(SHAPES) as SampleName[]

/**
 * Returns a sample of another system's export if it is next to the checkout (it is not part of the project), else an invented one of the
 * same shape. The test's name contains `used`.
 */
export function sampleFile(name: SampleName): { readonly bytes: Uint8Array; readonly used: string } {
  const file = new URL(name, FOLDER)
  if (existsSync(file)) return { bytes: readFileSync(file), used: 'the real file' }
  return { bytes: Buffer.from(SHAPES[name].join('\n')), used: 'an invented file of the same shape' }
}
